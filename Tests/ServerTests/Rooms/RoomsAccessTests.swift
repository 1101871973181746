import Client
import Rooms
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RoomsAccessTests {
    /// Who may open a door: nobody in particular, whoever has signed in, or administrators.
    private enum Audience {
        case everyone, members, administrators
    }

    private static let doors: [(method: String, path: String, audience: Audience)] = [
        ("POST", "/auth/login", .everyone), ("POST", "/auth/register", .everyone), ("GET", "/users", .administrators),
        ("POST", "/users", .administrators), ("PATCH", "/users/{}", .administrators), ("PATCH", "/users/{}/password", .members),
        ("DELETE", "/users/{}", .administrators), ("GET", "/rooms", .members), ("POST", "/rooms", .administrators),
        ("PATCH", "/rooms/{}", .administrators), ("DELETE", "/rooms/{}", .administrators),
        ("PATCH", "/rooms/{}/status", .administrators), ("POST", "/reservations", .members), ("GET", "/reservations/user", .members),
        ("DELETE", "/reservations/{}", .members), ("GET", "/reservations", .administrators), ("GET", "/reservations/{}", .members),
        ("PATCH", "/reservations/{}", .members),
    ]

    @Test func `every door of the document is open to whom the document says`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            for (method, pattern, audience) in Self.doors {
                // An id that nothing has: whoever is let in is told so, or that the body is wrong.
                let path = pattern.replacing("{}", with: "999999")
                let nobody = try await server.rest.meet(method, path).status
                let forged = try await server.rest.with(token: "forged").meet(method, path).status
                let member = try await ana.meet(method, path).status
                let administrator = try await server.admin.meet(method, path).status
                let about = "\(method) \(pattern)"

                #expect(forged == 401, "\(about)")
                #expect(audience == .everyone ? nobody == 400 : nobody == 401, "\(about)")
                #expect([200, 400, 404].contains(administrator), "\(about)")
                switch audience {
                case .everyone: #expect(member == 400, "\(about)")
                // Somebody else's password is an administrator's affair, once the body can be read.
                case .members: #expect([200, 400, 404].contains(member), "\(about)")
                case .administrators: #expect(member == 403, "\(about)")
                }
            }
        }
    }

    @Test func `a reservation is changed and cancelled by its owner and by administrators alone`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let id = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")

            #expect(try await ben.meet("PATCH", "/reservations/\(id)", #"{"title":"Mine"}"#).status == 403)
            #expect(try await ben.meet("DELETE", "/reservations/\(id)").status == 403)
            #expect(try await server.admin.meet("PATCH", "/reservations/\(id)", #"{"title":"Yours"}"#).status == 200)
            let changed = try await ana.meeting(id)
            #expect(changed.title == "Yours")
            #expect(changed.userId == ana.id)
            #expect(try await server.admin.meet("DELETE", "/reservations/\(id)").status == 204)
        }
    }

    @Test func `an administrator looks after employees, and a superadmin after administrators`() async throws {
        try await TestServer.run { server in
            let adam = try await server.member("adam", role: .admin)
            let ana = try await server.member("ana")

            #expect(try await adam.meet("PATCH", "/users/\(ana.id)", #"{"email":"ana@example.com"}"#).status == 200)
            #expect(try await adam.meet("PATCH", "/users/\(ana.id)", #"{"role":"admin"}"#).status == 403)
            let person = #"{"username":"eve","password":"Meeting-77","email":"eve@example.org","role":"admin"}"#
            #expect(try await adam.meet("POST", "/users", person).status == 403)
            for body in [#"{"email":"x@example.org"}"#, #"{"role":"employee"}"#] {
                #expect(try await adam.meet("PATCH", "/users/\(server.admin.id)", body).status == 403)
            }
            #expect(try await adam.meet("PATCH", "/users/\(server.admin.id)/password", #"{"newPassword":"Meeting-77"}"#).status == 403)
            #expect(try await adam.meet("DELETE", "/users/\(server.admin.id)").status == 403)
            #expect(try await server.admin.meet("DELETE", "/users/\(server.admin.id)").status == 409)
            #expect(try await server.admin.meet("POST", "/users", person).payload(Person.self).role == .admin)
            #expect(try await server.admin.meet("DELETE", "/users/\(adam.id)").status == 204)
        }
    }
}
