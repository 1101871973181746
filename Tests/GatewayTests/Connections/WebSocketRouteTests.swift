import Realtime
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct WebSocketRouteTests {
    private func status(_ server: LiveServer, _ path: String, _ fields: String = "") async throws -> Int {
        let client = try RawClient(port: server.port)
        try await client.send(RawWebSocket.handshake(path: path, extra: fields))
        let head = try await client.receiveHead().head
        client.close()
        return HTTPAnswer(head: head).status
    }

    @Test func `every path has its door, and only those`() async throws {
        try await LiveServer.run { server in
            for (path, wanted) in [
                ("/connection/websocket", 101), ("/connection/uni_websocket", 101), ("/ws/notifications", 401),
                ("/ws/notifications?token=member", 101), ("/connection/websocket/", 404), ("/connection", 404), ("/", 404),
                ("/Connection/WebSocket", 404), ("/connection/%77ebsocket", 101), ("/healthz", 200),
                // No WebSocket lives there, but a stream does, and it wants a connect command.
                ("/connection/sse", 400),
            ] {
                let answered = try await status(server, path)
                #expect(answered == wanted, "\(path)")
            }
        }
    }

    @Test func `pages of strange origins may not open a socket`() async throws {
        try await LiveServer.run(origins: ["https://club.example"]) { server in
            for path in ["/connection/websocket", "/connection/uni_websocket", "/ws/notifications?token=member"] {
                for (origin, wanted) in [
                    ("https://club.example", 101), ("https://CLUB.example", 101), ("http://localhost", 101), ("https://localhost", 101),
                    ("http://club.example", 403), ("https://club.example.evil.example", 403), ("null", 403), ("", 403),
                    ("https://club.example\r\nOrigin: https://club.example", 403),
                ] {
                    let answered = try await status(server, path, "Origin: \(origin)\r\n")
                    #expect(answered == wanted, "\(path) \(origin)")
                }
            }
        }
    }

    @Test func `no socket is opened when there is no room or the server is leaving`() async throws {
        var settings = HubSettings()
        settings.connectionsMax = 0
        try await LiveServer.run(settings: settings) { server in
            for path in ["/connection/websocket", "/connection/uni_websocket", "/ws/notifications?token=member"] {
                let answered = try await status(server, path)
                #expect(answered == 503)
            }
        }
        try await LiveServer.run { server in
            await server.hub.drain(overSeconds: 0)
            let answered = try await status(server, "/connection/websocket")
            #expect(answered == 503)
        }
    }

    @Test(arguments: [
        ("", "Authorization: Bearer member\r\n", 101), ("", "Authorization: bearer member\r\n", 101),
        ("", "Authorization: Bearer  member\r\n", 401), ("", "Authorization: Basic member\r\n", 401),
        ("", "Authorization: member\r\n", 401), ("", "Authorization: Bearer expired\r\n", 401),
        ("", "Sec-WebSocket-Protocol: bearer, member\r\n", 101), ("", "Sec-WebSocket-Protocol: member, bearer\r\n", 401),
        ("", "Sec-WebSocket-Protocol: bearer, nobody\r\n", 401), ("?token=member", "", 101), ("?token=", "", 401),
        ("?token=nobody&token=member", "", 401), ("?token=member", "Authorization: Bearer nobody\r\n", 401),
    ])
    func `a token may come in three forms, and the first of them counts`(_ query: String, _ fields: String, _ wanted: Int) async throws {
        try await LiveServer.run { server in
            let answered = try await status(server, "/ws/notifications\(query)", fields)
            #expect(answered == wanted)
        }
    }

    @Test(arguments: [
        ("", nil, true), ("centrifuge-json", "centrifuge-json", true), ("centrifuge-protobuf", "centrifuge-protobuf", false),
        ("chat, centrifuge-protobuf, centrifuge-json", "centrifuge-protobuf", false),
        ("centrifuge-json, centrifuge-protobuf", "centrifuge-json", true), ("chat", nil, true),
    ])
    func `the subprotocol decides what is spoken`(_ offer: String, _ chosen: String?, _ isText: Bool) async throws {
        try await LiveServer.run { server in
            for path in ["/connection/websocket", "/connection/uni_websocket"] {
                let client = try RawClient(port: server.port)
                let fields = offer.isEmpty ? "" : "Sec-WebSocket-Protocol: \(offer)\r\n"
                try await client.send(RawWebSocket.handshake(path: path, extra: fields))
                let (head, _) = try await client.receiveHead()
                #expect(HTTPAnswer(head: head)["sec-websocket-protocol"] == chosen)
                try await client.send(isText ? .binary([0]) : .text("{}"))
                var bytes = try await client.receive()[...]
                #expect(ServerFrame.take(from: &bytes)?.closeCode == 3506)
                client.close()
            }
        }
    }

    @Test(arguments: ["format=protobuf", "cf_protocol=protobuf"])
    func `the query may ask for Protobuf as well`(_ query: String) async throws {
        try await LiveServer.run { server in
            var socket = try await RawWebSocket(port: server.port, path: "/connection/websocket?\(query)")
            // connect { token: "member" }, id 1, behind its length
            try await socket.client.send(.binary([0x0C, 0x08, 0x01, 0x22, 0x08, 0x0A, 0x06] + Array("member".utf8)))
            let reply = try #require(try await socket.next())
            #expect(reply.opcode == 0x2)
            #expect(String(decoding: reply.payload, as: UTF8.self).contains("personal:#1"))
            try await socket.client.send(.text("{}"))
            #expect(try await socket.next()?.closeCode == 3506)
            socket.client.close()
        }
    }

    @Test func `tools that ask for native pings get them in place of the protocol's`() async throws {
        var settings = HubSettings()
        settings.pingSeconds = 2
        settings.pongSeconds = 1
        try await LiveServer.run(settings: settings) { server in
            var socket = try await RawWebSocket(port: server.port, path: "/connection/websocket?cf_ws_frame_ping_pong=true")
            try await socket.client.send(.text(#"{"id":1,"connect":{"token":"member"}}"#))
            let reply = try #require(try await socket.next()?.text)
            #expect(!reply.contains(#""ping":"#))
            #expect(!reply.contains(#""pong":"#))
            for _ in 1...2 { #expect(try await socket.next() == ServerFrame(opcode: 0x9, payload: [])) }
            socket.client.close()
        }
    }

    @Test(arguments: [
        (#"{"headers":{"authorization":"Bearer member"}}"#, true), (#"{"headers":{"Authorization":"bearer member"}}"#, true),
        (#"{"headers":{"authorization":"Basic member"}}"#, false), (#"{"headers":{"authorization":"member"}}"#, false),
        (#"{"headers":{"cookie":"Bearer member"}}"#, false), (#"{"token":"nobody","headers":{"authorization":"Bearer member"}}"#, false),
    ])
    func `a client that can't set headers may emulate the one that brings a token`(_ request: String, _ isWelcome: Bool) async throws {
        try await LiveServer.run { server in
            var socket = try await RawWebSocket(port: server.port, path: "/connection/websocket")
            try await socket.client.send(.text(#"{"id":1,"connect":\#(request)}"#))
            let answer = try #require(try await socket.next())
            #expect((answer.opcode == 0x1) == isWelcome)
            socket.client.close()
        }
    }

    @Test func `an event that is committed while the upgrade is decided is told`() async throws {
        try await LiveServer.run { server in
            server.publish(#"{"number":1}"#, to: "personal:#1")
            server.afterNextRead { server.publish(#"{"number":2}"#, to: "personal:#1") }
            var socket = try await RawWebSocket(port: server.port, path: "/ws/notifications?token=member")
            server.publish(#"{"number":3}"#, to: "personal:#1")
            for number in 2...3 { #expect(try await socket.next()?.text == #"{"number":\#(number)}"#) }
            socket.client.close()
        }
    }
}
