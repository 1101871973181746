import Client
import Rooms
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(2))) struct VersionTests {
    @Test func `who changes what somebody else has changed meanwhile is told so`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let id = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            let path = "/reservations/\(id)"
            #expect(try await ana.meet("GET", path).header("ETag") == #""1""#)

            let changed = try await ana.meet("PATCH", path, #"{"title":"One"}"#, headers: [("If-Match", #""1""#)])
            #expect(changed.status == 200 && changed.header("ETag") == #""2""#)
            for (tag, status) in [(#""1""#, 412), (#"W/"2""#, 412), ("2", 412), (#""1", "2""#, 200), ("*", 200), (#""3""#, 412)] {
                let answer = try await ana.meet("PATCH", path, #"{"title":"Two"}"#, headers: [("If-Match", tag)])
                #expect(answer.status == status, "\(tag)")
                if status == 412 { #expect(try answer.refusal.code == "request.precondition_failed") }
            }
            #expect(try await ana.meet("DELETE", path, headers: [("If-Match", #""2""#)]).status == 412)
            #expect(try await ana.meet("DELETE", path, headers: [("If-Match", #""4""#)]).status == 204)

            let about = "/rooms/\(room.id)"
            #expect(try await server.admin.meet("GET", about).header("ETag") == #""1""#)
            #expect(try await server.admin.meet("PATCH", about, #"{"name":"A"}"#, headers: [("If-Match", #""2""#)]).status == 412)
            #expect(try await server.admin.meet("PATCH", about, #"{"name":"A"}"#, headers: [("If-Match", #""1""#)]).status == 200)
            #expect(try await server.admin.meet("DELETE", about, headers: [("If-Match", #""1""#)]).status == 412)
            #expect(try await server.admin.meet("DELETE", about).status == 204)
        }
    }

    @Test func `a repeat with the same key reserves once and is wrapped as the first was`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let first = try await ana.book(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", key: "k-1")
            let again = try await ana.book(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", key: "k-1")
            #expect(first.status == 201 && again.status == 201 && again.header("Idempotent-Replayed") == "true")
            #expect(try first.payload(ReservedRoom.self) == again.payload(ReservedRoom.self))
            let other = try await ana.book(room.id, "2026-07-02T11:00:00Z", "2026-07-02T12:00:00Z", key: "k-1")
            #expect(other.status == 422)
            #expect(try await ana.timeline(room.id).occupations.count == 1)
        }
    }

    @Test func `an rpc has the shape that it has on every surface`() async throws {
        try await TestServer.run { server in
            let room = try await server.room()
            let connection = try await server.admin.connect()
            let answer = try await connection.rpc("rooms.rooms.read", #"{"id":\#(room.id)}"#)
            #expect(try answer.status == 200 && answer.decode(Room.self) == room)
            let refused = try await connection.rpc("rooms.reservations.create", #"{"roomId":1}"#)
            #expect(refused.status == 400 && refused.problem?.code == "request.invalid")
            await connection.close()
        }
    }
}
