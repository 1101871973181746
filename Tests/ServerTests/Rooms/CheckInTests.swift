import Client
import Core
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(3))) struct CheckInTests {
    @Test func `what nobody has come for is given back, and everybody is told`() async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 1
        } _: { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.roomWithCheckIn()
            let id = try await ana.booked(room.id, "2026-07-01T00:02:00Z", "2026-07-01T01:00:00Z")
            #expect(try await ana.meeting(id).checkInBy == "2026-07-01T00:12:00.000Z")
            let calendar = try await ben.watch(RoomCalendar(room: room.id.rawValue))
            let operations = try await server.admin.watch(RoomOperations(room: room.id.rawValue))
            let personal = try await ana.listen()

            server.time.advance(bySeconds: 720)
            let changed = try await calendar.next(OccupationChanged.self).occupation
            #expect(changed.endsAt == server.time.now && changed.label == "Planning")
            _ = try await operations.next(OccupationChanged.self)
            #expect(try await operations.next(RoomReservationChanged.self).reservation.releasedAt == server.time.now)
            let told = try await personal.next(RoomReservationChanged.self).reservation
            #expect(told.releasedAt == server.time.now && told.endsAt == server.time.now)
            let late = try await ana.meet("POST", "/reservations/\(id)/check-in")
            #expect(try late.status == 409 && late.refusal.code == "room_reservation.released")
            #expect(try await ben.book(room.id, "2026-07-01T00:12:00Z", "2026-07-01T01:00:00Z").status == 201)
        }
    }

    @Test func `who checks in keeps the room`() async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 1
        } _: { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.roomWithCheckIn(minutes: 2)
            let kept = try await ana.booked(room.id, "2026-07-01T00:02:00Z", "2026-07-01T00:06:00Z")
            let released = try await ben.booked(room.id, "2026-07-01T00:06:00Z", "2026-07-01T00:10:00Z")
            let distant = try await ben.booked(room.id, "2026-07-01T00:16:00Z", "2026-07-01T00:20:00Z")
            let personal = try await ana.listen()
            let path = "/reservations/\(kept)/check-in"
            #expect(try await server.rest.meet("POST", path).status == 401)
            #expect(try await ben.meet("POST", path).status == 403)
            #expect(try await ana.meet("POST", "/reservations/999999/check-in").status == 404)
            let early = try await ben.meet("POST", "/reservations/\(distant)/check-in")
            #expect(try early.status == 409 && early.refusal.code == "room_reservation.too_early")

            let answer = try await ana.meet("POST", path)
            #expect(try answer.payload(MeetingView.self).checkedInAt == "2026-07-01T00:00:00.000Z" && answer.header("ETag") == #""2""#)
            #expect(try await personal.next(RoomReservationChanged.self).reservation.checkedInAt == server.time.now)
            #expect(try await server.admin.meet("POST", path).header("ETag") == #""2""#)

            // Once the other one has been released, the first one's time had come, too.
            let others = try await ben.listen()
            server.time.advance(bySeconds: 480)
            #expect(try await others.next(RoomReservationChanged.self).reservation.id == released)
            #expect(try await ana.meeting(kept).endTime == "2026-07-01T00:06:00.000Z")
            #expect(try await ana.meeting(kept).releasedAt == nil)
        }
    }

    @Test func `the time to come moves with the reservation and ends with it`() async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 1
        } _: { server in
            let ana = try await server.member("ana")
            let room = try await server.roomWithCheckIn(minutes: 2)
            let moved = try await ana.booked(room.id, "2026-07-01T00:02:00Z", "2026-07-01T00:06:00Z")
            let cancelled = try await ana.booked(room.id, "2026-07-01T00:06:00Z", "2026-07-01T00:10:00Z")
            let last = try await ana.booked(room.id, "2026-07-01T00:10:00Z", "2026-07-01T00:14:00Z")
            try await ana.meet("POST", "/reservations/\(moved)/check-in").success()
            let path = "/reservations/\(moved)"
            let shorter = try await ana.meet("PATCH", path, #"{"endTime":"2026-07-01T00:05:00Z"}"#).payload(MeetingView.self)
            #expect(shorter.checkedInAt != nil)
            let later = try await ana.meet("PATCH", path, #"{"startTime":"2026-07-01T03:10:00Z","endTime":"2026-07-01T03:40:00Z"}"#)
            #expect(try later.payload(MeetingView.self).checkedInAt == nil)
            #expect(try later.payload(MeetingView.self).checkInBy == "2026-07-01T03:12:00.000Z")
            try await ana.meet("DELETE", "/reservations/\(cancelled)").success()
            let personal = try await ana.listen()
            server.time.advance(bySeconds: 720)
            #expect(try await personal.next(RoomReservationChanged.self).reservation.id == last)
        }
    }

    @Test func `nobody has to check in where the room does not ask, where it is now, or where there is no time for it`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let open = try await server.room()
            #expect(open.checkInMinutes == nil)
            let room = try await server.roomWithCheckIn()
            for (room, start, end) in [
                (open.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z"), (room.id, "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"),
                (room.id, "2026-07-02T09:00:00Z", "2026-07-02T09:10:00Z"),
            ] {
                #expect(try await ana.meeting(try await ana.booked(room, start, end)).checkInBy == nil)
            }
            let changed = try await server.admin.meet("PATCH", "/rooms/\(room.id)", #"{"checkInMinutes":0}"#)
            #expect(try changed.payload(Room.self).checkInMinutes == nil)
            let refused = try await server.admin.meet("PATCH", "/rooms/\(room.id)", #"{"checkInMinutes":121}"#)
            #expect(try refused.status == 400 && refused.refusal.errors?.first?.pointer == "/checkInMinutes")
            #expect(try await ana.meet("PATCH", "/rooms/\(room.id)", #"{"checkInMinutes":10}"#).status == 403)
        }
    }
}

extension TestServer {
    /// A room in which one has some minutes to come.
    fileprivate func roomWithCheckIn(minutes: Int = 10) async throws -> Room {
        try await admin.meet("POST", "/rooms", #"{"name":"Punctual","capacity":4,"checkInMinutes":\#(minutes)}"#).payload()
    }
}
