import Client
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct HandshakeTests {
    @Test func `a handshake that breaks the rules gets the status that says so`() async throws {
        try await TestServer.run { server in
            let good = HandshakeRequest()
            let cases: [(HandshakeRequest, Int)] = [
                (good, 101),
                (good.with("Connection", "keep-alive, Upgrade"), 101),
                (good.with("Sec-WebSocket-Version", "8"), 426),
                (good.with("Sec-WebSocket-Version", nil), 426),
                (good.with("Sec-WebSocket-Version", "13, 8"), 426),
                (good.with("Sec-WebSocket-Key", nil), 400),
                (good.with("Sec-WebSocket-Key", "c2hvcnQ="), 400),
                (good.with("Sec-WebSocket-Key", "not base64 at all!!!!!!!"), 400),
                (good.with("Connection", "keep-alive"), 400),
                (good.with("Content-Length", "5"), 400),
                (good.with("Transfer-Encoding", "chunked"), 400),
                (good.with(line: "POST /connection/websocket HTTP/1.1"), 400),
                (good.with(line: "GET /connection/websocket HTTP/1.0"), 400),
                (good.with("Sec-WebSocket-Protocol", "centrifuge-protobuf"), 101),
                (good.with("Origin", "https://elsewhere.example"), 403),
                (good.with("Origin", "http://ringside.test"), 101),
                (good.with("Upgrade", nil), 404),
                (HandshakeRequest(path: "/connection/elsewhere"), 404),
                (HandshakeRequest(path: "/connection/websocket/"), 404),
                (good.with("Cookie", String(repeating: "c", count: 40_000)), 431),
            ]
            for (number, (request, status)) in cases.enumerated() {
                let answer = try await request.answer(port: server.port)
                #expect(answer.status == status, "case \(number): \(answer.head)")
                if (400...403).contains(answer.status) || answer.status == 426 {
                    #expect(answer.head.contains("content-type: application/problem+json"))
                    #expect(answer.body.contains(#""status":\#(status)"#))
                }
                if status == 426 { #expect(answer.head.contains("sec-websocket-version: 13\r\n")) }
            }
        }
    }

    @Test func `the subprotocol is chosen from what was offered`() async throws {
        try await TestServer.run { server in
            for (offer, chosen) in [
                (nil, nil), ("centrifuge-json", "centrifuge-json"), ("centrifuge-protobuf", "centrifuge-protobuf"),
                ("centrifuge-protobuf, centrifuge-json", "centrifuge-protobuf"), ("chat", nil),
            ] {
                let socket = try await UpgradedSocket.connect(
                    port: server.port, headers: offer.map { [("Sec-WebSocket-Protocol", $0)] } ?? []
                )
                #expect(socket.subprotocol == chosen)
                await socket.close()
            }
        }
    }

    @Test func `frames that come in one piece with the handshake are read`() async throws {
        try await TestServer.run { server in
            let socket = try await RawSocket.connect(port: server.port)
            let request = HandshakeRequest()
            let head = ([request.line] + request.headers.map { "\($0.0): \($0.1)" }).joined(separator: "\r\n") + "\r\n\r\n"
            let connect = RawFrame.text(#"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#)

            try await socket.write(Array(head.utf8) + connect.bytes)

            #expect(String(decoding: try await socket.read(until: "\r\n\r\n"), as: UTF8.self).hasPrefix("HTTP/1.1 101 "))
            #expect(String(decoding: try await socket.read(until: #""pong":true"#), as: UTF8.self).contains(#"{"id":1,"connect":{"#))
            await socket.close()
        }
    }
}
