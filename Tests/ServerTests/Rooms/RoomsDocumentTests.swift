import Client
import Core
import Rooms
import ServerTesting
import Testing
import Wire

/// The document of the meeting rooms, endpoint by endpoint and to the letter.
@Suite(.timeLimit(.minutes(5))) struct RoomsDocumentTests {
    private static let personMembers = ["createdAt", "email", "id", "role", "updatedAt", "username"]
    private static let roomMembers = [
        "capacity", "createdAt", "description", "id", "isActive", "location", "name", "status", "updatedAt",
    ]
    private static var milliseconds: Regex<Substring> { /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/ }

    @Test func `the accounts answer as the document says`() async throws {
        try await TestServer.run { server in
            let registered = try await server.rest.meet(
                "POST", "/auth/register", #"{"username":"wang","password":"Meeting-77","email":"wang@example.org"}"#
            )
            #expect(registered.status == 201)
            #expect(try registered.payloadNames == Self.personMembers)
            let wang = try registered.payload(Person.self)
            #expect(wang.username == "wang" && wang.role == .employee && wang.email == "wang@example.org")
            #expect(try registered.decode(Enveloped<Person>.self).status == "success")
            #expect(try registered.decode(Enveloped<Person>.self).timestamp == "2026-07-01T00:00:00.000Z")

            for name in ["wang", "wang@example.org"] {
                let login = try await server.rest.meet("POST", "/auth/login", #"{"username":"\#(name)","password":"Meeting-77"}"#)
                #expect(login.status == 200)
                #expect(try login.payloadNames.contains("access_token"))
            }
            let wrong = try await server.rest.meet("POST", "/auth/login", #"{"username":"wang","password":"Meeting-78"}"#)
            #expect(wrong.status == 401)
            #expect(try wrong.refusal.statusCode == 401 && wrong.refusal.error == "Unauthorized")
            #expect(try await server.rest.meet("POST", "/auth/login", #"{"username":"wang"}"#).status == 400)

            let people = try await server.admin.meet("GET", "/users")
            #expect(people.status == 200)
            #expect(try people.payloadNames == Self.personMembers)
            #expect(try people.payload([Person].self).map(\.username) == ["root", "wang"])

            let created = try await server.admin.meet(
                "POST", "/users", #"{"username":"liwei","password":"Meeting-77","email":"li@example.org"}"#
            )
            #expect(created.status == 201)
            let li = try created.payload(Person.self)
            #expect(li.role == .employee)

            let changed = try await server.admin.meet("PATCH", "/users/\(li.id)", #"{"username":"lili","email":"lili@example.org"}"#)
            #expect(changed.status == 200)
            #expect(try changed.payload(Person.self).username == "lili" && changed.payload(Person.self).email == "lili@example.org")

            let password = try await server.admin.meet(
                "PATCH", "/users/\(li.id)/password", #"{"oldPassword":"Meeting-77","newPassword":"Meeting-88"}"#
            )
            #expect(password.status == 200)
            #expect(try password.payload([String: String].self) == ["message": "密码修改成功"])
            let old = try await server.admin.meet(
                "PATCH", "/users/\(li.id)/password", #"{"oldPassword":"Meeting-77","newPassword":"Meeting-99"}"#
            )
            #expect(old.status == 400)
            #expect(try old.refusal.errors?.map(\.pointer) == ["/oldPassword"])

            let deleted = try await server.admin.meet("DELETE", "/users/\(li.id)")
            #expect(deleted.status == 204 && deleted.body.isEmpty)
            #expect(try await server.admin.meet("DELETE", "/users/\(li.id)").status == 404)
        }
    }

    @Test func `the rooms answer as the document says`() async throws {
        try await TestServer.run { server in
            let created = try await server.admin.meet(
                "POST", "/rooms", #"{"name":"string","capacity":0,"location":"string","description":"string"}"#
            )
            #expect(created.status == 201)
            #expect(created.header("Location") == "/meeting/api/rooms/1")
            #expect(try created.payloadNames == Self.roomMembers)
            let room = try created.payload(Room.self)
            #expect(room.status == .available && room.isActive && room.capacity == 0)

            let changed = try await server.admin.meet(
                "PATCH", "/rooms/\(room.id)",
                #"{"name":"小会议室","capacity":6,"location":"二楼","description":"黑板","status":"available","isActive":true}"#
            )
            #expect(changed.status == 200)
            #expect(try changed.payload(Room.self).name == "小会议室" && changed.payload(Room.self).capacity == 6)
            let status = try await server.admin.meet("PATCH", "/rooms/\(room.id)/status", #"{"status":"maintenance"}"#)
            #expect(status.status == 200)
            #expect(try status.payload(Room.self).status == .maintenance)
            for wrong in [#"{"status":"broken"}"#, #"{"status":"occupied"}"#, "{}"] {
                let refused = try await server.admin.meet("PATCH", "/rooms/\(room.id)/status", wrong)
                #expect(refused.status == 400)
                #expect(try refused.refusal.errors?.map(\.pointer) == ["/status"])
            }

            for number in 1...11 { _ = try await server.room("Room \(number)") }
            let page = try await server.admin.meet("GET", "/rooms").payload(NumberedPage<Room>.self)
            #expect(page.items.count == 10)
            #expect(page.meta.total == 12 && page.meta.page == 1 && page.meta.limit == 10 && page.meta.totalPages == 2)
            let second = try await server.admin.meet("GET", "/rooms?page=2&limit=5&status=available").payload(NumberedPage<Room>.self)
            #expect(second.items.map(\.name) == (6...10).map { "Room \($0)" })
            #expect(second.meta.total == 11 && second.meta.totalPages == 3)
            for query in ["page=0", "limit=0", "limit=101", "status=broken", "page=x"] {
                #expect(try await server.admin.meet("GET", "/rooms?\(query)").status == 400, "\(query)")
            }

            #expect(try await server.admin.meet("DELETE", "/rooms/\(room.id)").status == 204)
            #expect(try await server.admin.meet("GET", "/rooms/\(room.id)").status == 404)
            #expect(try await server.admin.meet("PATCH", "/rooms/\(room.id)", "{}").status == 404)
        }
    }

    @Test func `the reservations answer as the document says`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let created = try await ana.meet(
                "POST", "/reservations",
                #"{"title":"研究赚钱","startTime":"2025-03-26T14:11:17.850Z","endTime":"2025-03-26T15:11:17.850Z","roomId":\#(room.id)}"#
            )
            #expect(created.status == 201)
            #expect(try created.payloadNames == ["endTime", "id", "roomId", "startTime", "title", "userId"])
            #expect(created.text.contains(#""startTime":"2025-03-26T14:11:17.850Z""#))
            let id = try created.payload(ReservedRoom.self).id

            let changed = try await ana.meet(
                "PATCH", "/reservations/\(id)",
                #"{"startTime":"2023-06-15T09:30:00Z","endTime":"2023-06-15T10:30:00Z","description":"更新后的会议目的"}"#
            )
            #expect(changed.status == 200)
            let full = [
                "createdAt", "description", "endTime", "id", "room", "roomId", "startTime", "title", "updatedAt", "user", "userId",
            ]
            #expect(try changed.payloadNames == full)
            let view = try changed.payload(MeetingView.self)
            #expect(view.startTime == "2023-06-15T09:30:00.000Z" && view.endTime == "2023-06-15T10:30:00.000Z")
            #expect(view.description == "更新后的会议目的" && view.id == id.rawValue && view.userId == ana.id)
            #expect(view.room == room && view.user?.username == "ana")
            #expect(view.createdAt.wholeMatch(of: Self.milliseconds) != nil)

            let own = try await ana.meet("GET", "/reservations/user")
            #expect(own.status == 200)
            #expect(try own.payloadNames == full.filter { $0 != "user" })
            #expect(try await server.admin.meet("GET", "/reservations").payloadNames == full)
            #expect(try await server.admin.meet("GET", "/reservations").payload([MeetingView].self) == [view])
            #expect(try await ana.meet("GET", "/reservations").status == 403)
            #expect(try await ana.meeting(id.rawValue) == view)

            let deleted = try await ana.meet("DELETE", "/reservations/\(id)", headers: [("Prefer", "return=representation")])
            #expect(deleted.status == 200)
            #expect(deleted.text == #"{"status":"success","timestamp":"2026-07-01T00:00:00.000Z"}"#)
            #expect(try await ana.meet("GET", "/reservations/\(id)").status == 404)
            #expect(try await ana.meet("DELETE", "/reservations/\(id)").status == 404)
        }
    }

    @Test func `lists that the document has whole end at their bound and say where they go on`() async throws {
        try await TestServer.run { server in
            _ = try await server.members("ana", "ben")
            let first = try await server.admin.meet("GET", "/users?limit=2")
            #expect(try first.payload([Person].self).map(\.username) == ["root", "ana"])
            #expect(first.header("Link") == #"<?page=2&limit=2>; rel="next""#)
            let second = try await server.admin.meet("GET", "/users?page=2&limit=2")
            #expect(try second.payload([Person].self).map(\.username) == ["ben"])
            #expect(second.header("Link") == nil)
            #expect(try await server.admin.meet("GET", "/users?limit=1001").status == 400)
        }
    }
}
