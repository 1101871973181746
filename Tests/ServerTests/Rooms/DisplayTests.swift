import Client
import Core
import Foundation
import Rooms
import ServerTesting
import Testing
import Wire

/// The display at a room's door: what its link opens, and that it opens nothing else. What the page makes of it is judged in a browser.
@Suite(.timeLimit(.minutes(3))) struct DisplayTests {
    private static func secret(_ link: DisplayLink) -> String { String(link.path.split(separator: "#")[1]) }

    private static func makeLink(_ server: TestServer, _ room: Room.ID) async throws -> DisplayLink {
        try await server.admin.meet("PUT", "/rooms/\(room)/display-link").payload()
    }

    private static func view(_ server: TestServer, _ secret: String) async throws -> RESTResponse {
        try await server.rest.get("/display/view", headers: [("Authorization", "Bearer \(secret)")])
    }

    @Test func `administrators alone make, see and revoke a link, and a room without one says so`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let path = "/rooms/\(room.id)/display-link"
            for method in ["PUT", "GET", "DELETE"] {
                #expect(try await server.rest.meet(method, path).status == 401, "\(method)")
                #expect(try await ana.meet(method, path).status == 403, "\(method)")
                #expect(try await server.admin.meet(method, "/rooms/999999/display-link").status == 404, "\(method)")
                #expect(try await server.admin.meet(method, "/rooms/x/display-link").status == 404, "\(method)")
            }
            let link = try await Self.makeLink(server, room.id)
            #expect(link.path.hasPrefix("/rooms/\(room.id)/display#"))
            let state = try await server.admin.meet("GET", path)
            #expect(try state.payload(DisplayLinkState.self).createdAt == link.createdAt)
            #expect(!state.text.contains(Self.secret(link)))
            #expect(try await server.admin.meet("DELETE", path).status == 204)
            #expect(try await server.admin.meet("GET", path).status == 404)
            #expect(try await server.admin.meet("DELETE", path).status == 404)
        }
    }

    @Test func `the page and its files say nothing of a room, and let nothing else in`() async throws {
        try await TestServer.run { server in
            let room = try await server.room()
            let port = try #require(server.roomsPort)
            try await RESTClient.run(port: port) { rooms in
                for path in ["/rooms/\(room.id)/display", "/rooms/999999/display", "/display/display.js", "/display/display.css"] {
                    let answer = try await server.rest.get(path)
                    #expect(answer.status == 200 && !answer.text.contains("大会议室"), "\(path)")
                    let policy = try #require(answer.header("Content-Security-Policy"))
                    #expect(policy.hasPrefix("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "\(path)")
                    #expect(answer.header("X-Content-Type-Options") == "nosniff" && answer.header("Referrer-Policy") == "no-referrer")
                    #expect(try await rooms.get(path).body == answer.body, "\(path)")
                }
            }
        }
    }

    @Test func `it shows what comes in a day, a private meeting as taken, and names nobody`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            _ = try await ana.booked(room.id, "2026-07-01T09:00:00Z", "2026-07-01T10:00:00Z", title: "Open", more: #","description":"Why""#)
            _ = try await ana.booked(room.id, "2026-07-01T11:00:00Z", "2026-07-01T12:00:00Z", title: "Layoffs", more: #","isPrivate":true"#)
            _ = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", title: "Tomorrow")
            let secret = Self.secret(try await Self.makeLink(server, room.id))

            let answer = try await Self.view(server, secret)
            #expect(answer.status == 200 && answer.header("Cache-Control") == "no-store")
            let view: RoomDisplays.View = try answer.decode()
            #expect(view.occupations.map(\.label) == ["Open", nil])
            #expect((view.name, view.location, view.now) == ("大会议室", "一楼左侧101", Timestamp(server.time.now)))
            for hidden in ["Layoffs", "Why", "ana", secret] { #expect(!answer.text.contains(hidden), "\(hidden)") }

            server.time.advance(bySeconds: 11 * 3_600)
            #expect(try await Self.view(server, secret).decode(RoomDisplays.View.self).occupations.map(\.label) == [nil, "Tomorrow"])
        }
    }

    @Test func `who has no secret, a wrong one or an old one sees nothing`() async throws {
        try await TestServer.run { server in
            let room = try await server.room()
            let first = Self.secret(try await Self.makeLink(server, room.id))
            #expect(try await server.rest.get("/display/view").status == 401)
            for wrong in ["", "x", String(repeating: "A", count: 43), first + "A", "\u{1F511}"] {
                let answer = try await Self.view(server, wrong)
                #expect([401, 404].contains(answer.status) && answer.body.isEmpty, "\(wrong)")
            }
            let second = Self.secret(try await Self.makeLink(server, room.id))
            #expect(try await Self.view(server, first).status == 404)
            #expect(try await Self.view(server, second).status == 200)
            try await server.admin.meet("DELETE", "/rooms/\(room.id)").success()
            #expect(try await Self.view(server, second).status == 404)
        }
    }

    @Test func `it hears of its own room at once and of nothing else`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let (room, other) = (try await server.room(), try await server.room())
            let token = "display." + Self.secret(try await Self.makeLink(server, room.id))
            let display = try await LiveConnection.connect(port: server.port, token: token)
            #expect(display.established?.subs.keys.sorted() == ["calendar:room:\(room.id)"])
            #expect(display.established?.ttl == 300)

            _ = try await ana.booked(other.id, "2026-07-01T09:00:00Z", "2026-07-01T10:00:00Z")
            _ = try await ana.booked(room.id, "2026-07-01T09:00:00Z", "2026-07-01T10:00:00Z", title: "Here")
            for try await push in display.pushes {
                guard case .publication(let publication) = push.body else { continue }
                #expect(push.channel == "calendar:room:\(room.id)")
                #expect(publication.data.text.contains("Here"))
                break
            }
            for channel in ["calendar:room:\(other.id)", "ops:room:\(room.id)", "personal:#\(ana.id)", "system:displays"] {
                await #expect(throws: ProtocolError.permissionDenied, "\(channel)") { try await display.subscribe(channel) }
            }
            await #expect(throws: ProtocolError.permissionDenied) {
                try await display.call(.rpc(RPCRequest(method: "rooms.list")))
            }
            await #expect(throws: ProtocolError.permissionDenied) {
                try await display.call(.publish(PublishRequest(channel: "chat-live:1", data: RawJSON("{}"))))
            }
            try await display.refresh(token: token)
            await display.close()
        }
    }

    @Test func `a link that is revoked or replaced closes what it has opened, and opens nothing more`() async throws {
        try await TestServer.run { server in
            let room = try await server.room()
            var token = "display." + Self.secret(try await Self.makeLink(server, room.id))
            let first = try await LiveConnection.connect(port: server.port, token: token)
            let old = token
            token = "display." + Self.secret(try await Self.makeLink(server, room.id))
            #expect(await first.ending() == ClosedConnection(code: 3500, reason: "invalid token"))
            let second = try await LiveConnection.connect(port: server.port, token: token)
            try await server.admin.meet("DELETE", "/rooms/\(room.id)/display-link").success()
            #expect(await second.ending() == ClosedConnection(code: 3500, reason: "invalid token"))
            for ended in [old, token, "display.", "display.\(String(repeating: "A", count: 43))"] {
                await #expect(throws: ClosedConnection(code: 3500, reason: "invalid token"), "\(ended)") {
                    try await LiveConnection.connect(port: server.port, token: ended)
                }
            }
        }
    }

    @Test func `a display may not go on with the token of another one, nor somebody with the token of a display`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let (room, other) = (try await server.room(), try await server.room())
            let token = "display." + Self.secret(try await Self.makeLink(server, room.id))
            let another = "display." + Self.secret(try await Self.makeLink(server, other.id))
            for (first, second) in [(token, another), (token, ana.token), (ana.token, token)] {
                let connection = try await LiveConnection.connect(port: server.port, token: first)
                await #expect(throws: ClosedConnection(code: 3500, reason: "invalid token")) { try await connection.refresh(token: second) }
            }
        }
    }
}
