import Client
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(2))) struct RoomPrivacyTests {
    @Test func `others read when and where a meeting is, and of a private one nothing else`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let open = try await ana.booked(
                room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", title: "Quarterly", more: #","description":"Figures""#
            )
            let secret = try await ana.booked(
                room.id, "2026-07-02T11:00:00Z", "2026-07-02T12:00:00Z", title: "Layoffs", more: #","description":"Names","isPrivate":true"#
            )

            for (id, title) in [(open, "Quarterly"), (secret, "busy")] {
                let told = try await ben.meet("GET", "/reservations/\(id)")
                let view = try told.payload(MeetingView.self)
                #expect(view.title == title && view.description == nil && view.userId == nil && view.user == nil)
                #expect(view.room == room && view.roomId == room.id.rawValue)
                #expect(!told.text.contains("ana") && !told.text.contains("Layoffs") && !told.text.contains("Names"))
            }
            let timeline = try await ben.meet("GET", "/rooms/\(room.id)/timeline?date=2026-07-02")
            #expect(try timeline.payload(RoomTimeline.self).occupations.map(\.label) == ["Quarterly", nil])
            #expect(!timeline.text.contains("Layoffs") && !timeline.text.contains("ana"))
            for reader in [ana, server.admin] {
                #expect(try await reader.meeting(secret).title == "Layoffs")
                #expect(try await reader.meeting(secret).user?.username == "ana")
            }
            #expect(try await ben.meet("GET", "/rooms/\(room.id)/operations").status == 403)
        }
    }

    @Test func `watchers of a timeline are told no name, and of a private meeting no title`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let calendar = try await ben.watch(RoomCalendar(room: room.id.rawValue))
            let operations = try await server.admin.watch(RoomOperations(room: room.id.rawValue))
            let agenda = try await ana.listen()
            let id = try await ana.booked(
                room.id, "2026-07-02T11:00:00Z", "2026-07-02T12:00:00Z", title: "Layoffs", more: #","isPrivate":true"#
            )

            let publication = try await calendar.nextPublication()
            #expect(!publication.data.text.contains("Layoffs") && !publication.data.text.contains("ana"))
            let occupation = try publication.data.decode(EventEnvelope<OccupationTaken>.self).data.occupation
            #expect(occupation.label == nil && occupation.kind == "reservation")
            #expect(try await operations.next(OccupationTaken.self).occupation.label == nil)
            let told = try await operations.next(RoomReservationCreated.self)
            #expect(told.username == "ana" && told.reservation.title == "Layoffs" && told.reservation.isPrivate)
            #expect(try await agenda.next(RoomReservationCreated.self).reservation.id == id)

            try await ana.meet("PATCH", "/reservations/\(id)", #"{"isPrivate":false}"#).success()
            #expect(try await calendar.next(OccupationChanged.self).occupation.label == "Layoffs")
            try await ana.meet("DELETE", "/reservations/\(id)").success()
            #expect(try await calendar.next(OccupationFreed.self).id == occupation.id)
            await #expect(throws: (any Error).self) { _ = try await ben.watch(RoomOperations(room: room.id.rawValue)) }
        }
    }

    @Test func `no answer holds a password or what is kept of one`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let id = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            var answers: [RESTResponse] = []
            for reader in [ana, server.admin] {
                for path in [
                    "/users", "/rooms", "/rooms/\(room.id)", "/rooms/\(room.id)/timeline", "/rooms/\(room.id)/operations", "/reservations",
                    "/reservations/user", "/reservations/\(id)", "/agenda?startTime=2026-07-01T00:00:00Z&endTime=2026-07-08T00:00:00Z",
                ] { answers.append(try await reader.meet("GET", path)) }
                answers.append(try await reader.meet("PATCH", "/reservations/\(id)", #"{"title":"Other"}"#))
            }
            let registration = #"{"username":"eve","password":"Meeting-77","email":"eve@example.org"}"#
            answers.append(try await server.rest.meet("POST", "/auth/register", registration))
            answers.append(try await server.rest.meet("POST", "/auth/register", registration))
            answers.append(try await server.rest.meet("POST", "/auth/login", #"{"username":"eve","password":"Meeting-77"}"#))
            #expect(answers.count { $0.status < 300 } > 16)
            for answer in answers {
                for secret in ["$2b$", "scrypt", "password", "Meeting-77", TestServer.memberPassword, TestServer.adminPassword] {
                    #expect(!answer.text.contains(secret), "\(secret) in \(answer.text.prefix(200))")
                }
            }
        }
    }

    @Test func `who leaves gives the rooms back and is not named any more`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let past = try await ana.booked(room.id, "2026-06-30T09:00:00Z", "2026-06-30T10:00:00Z")
            let coming = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            try await server.admin.meet("PATCH", "/users/\(ana.id)", #"{"username":"anna"}"#).success()
            #expect(try await server.admin.meeting(past).user?.username == "anna")
            try await server.admin.meet("DELETE", "/users/\(ana.id)").success()

            #expect(try await server.admin.meet("GET", "/reservations/\(coming)").status == 404)
            #expect(try await server.admin.timeline(room.id).occupations.isEmpty)
            #expect(try await server.admin.meeting(past).user?.username == "deleted:\(ana.id)")
            #expect(try await !server.admin.meet("GET", "/reservations").text.contains("anna"))
        }
    }
}
