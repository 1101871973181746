import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct UpgradeTests {
    private static func resolve(_ request: UpgradeRequest) -> UpgradeDecision {
        switch request.path {
        case "/ws":
            return .accept(subprotocol: request.subprotocols.first) { _ in
                ScriptedDelegate(Journal(), onOpen: { $0.sendText(Array("welcome \(request.query("name") ?? "")".utf8)) })
            }
        case "/refused": return .refuse(.unauthorized, reason: "No \"token\".")
        case "/later": return .later { .accept(subprotocol: nil) { _ in ScriptedDelegate(Journal()) { $0.sendText(Array($1.utf8)) } } }
        case "/later/refused": return .later { .later { .refuse(.unauthorized, reason: "Late.") } }
        case "/later/plain": return .later { .notWebSocket }
        default: return .notWebSocket
        }
    }

    private static func exchange(_ request: String, configuration: WebSocketConfiguration = .init()) async throws -> String {
        var answer = ""
        try await LoopbackServer.run(configuration: configuration, resolve: resolve) { server in
            let client = try RawClient(port: server.port)
            try await client.send(request)
            answer = String(decoding: try await client.receiveAll(), as: UTF8.self)
            client.close()
        }
        return answer
    }

    @Test func `the accept key is that of the RFC`() {
        #expect(Handshake.acceptKey(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test func `a handshake is answered and greeted in one piece`() async throws {
        try await LoopbackServer.run(resolve: Self.resolve) { server in
            let client = try RawClient(port: server.port)
            try await client.send(RawWebSocket.handshake(path: "/ws?name=a%20b", extra: "Sec-WebSocket-Protocol: one, two\r\n"))
            let (head, rest) = try await client.receiveHead()
            #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(head.hasSuffix("\r\nSec-WebSocket-Protocol: one"))
            var bytes = rest[...]
            #expect(ServerFrame.take(from: &bytes)?.text == "welcome a b")
            client.close()
        }
    }

    @Test func `a handshake may arrive byte by byte`() async throws {
        try await LoopbackServer.run(resolve: Self.resolve) { server in
            let client = try RawClient(port: server.port)
            for byte in RawWebSocket.handshake().utf8 { try await client.send([byte]) }
            #expect(try await client.receiveHead().head.hasPrefix("HTTP/1.1 101 "))
            client.close()
        }
    }

    @Test(arguments: [
        ("GET /ws", "POST /ws", "400"),
        ("HTTP/1.1", "HTTP/1.0", "400"),
        ("Connection: keep-alive, Upgrade", "Connection: keep-alive", "400"),
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", "426"),
        ("Sec-WebSocket-Version: 13\r\n", "", "426"),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", "400"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ==", "400"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "not base64 at all!", "400"),
        ("Host: localhost", "Host: localhost\r\nContent-Length: 5", "400"),
        ("Host: localhost", "Host: localhost\r\nTransfer-Encoding: chunked", "400"),
    ])
    func `a wrong handshake is refused`(_ part: String, _ replacement: String, _ status: String) async throws {
        let answer = try await Self.exchange(RawWebSocket.handshake().replacing(part, with: replacement))
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("\r\nContent-Type: application/problem+json\r\n"))
        #expect(answer.contains("Sec-WebSocket-Version: 13\r\n") == (status == "426"))
    }

    @Test func `a refusal tells its reason as a problem`() async throws {
        let answer = try await Self.exchange(RawWebSocket.handshake(path: "/refused"))
        #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
        #expect(answer.contains("WWW-Authenticate: Bearer\r\n"))
        #expect(answer.contains(#""detail":"No \"token\".""#))
    }

    @Test func `an answer that takes time may refuse`() async throws {
        let answer = try await Self.exchange(RawWebSocket.handshake(path: "/later/refused"))
        #expect(answer.hasPrefix("HTTP/1.1 401 "))
    }

    @Test func `frames that arrive while the answer takes time are not lost`() async throws {
        try await LoopbackServer.run(resolve: Self.resolve) { server in
            var socket = try await RawWebSocket(port: server.port, path: "/later", behind: [.text("early")])
            try await socket.client.send(.text("later"))
            #expect(try await socket.next()?.text == "early")
            #expect(try await socket.next()?.text == "later")
            socket.client.close()
        }
    }

    @Test func `an answer that takes too long is a refusal`() async throws {
        var configuration = WebSocketConfiguration()
        configuration.decisionTimeout = .milliseconds(50)
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let resolve: UpgradeResolver = { _ in
            .later {
                for await _ in gate {}
                return .notWebSocket
            }
        }
        try await LoopbackServer.run(configuration: configuration, resolve: resolve) { server in
            let client = try RawClient(port: server.port)
            try await client.send(RawWebSocket.handshake())
            #expect(try await client.receiveHead().head.hasPrefix("HTTP/1.1 503 "))
            opener.finish()
            client.close()
        }
    }

    @Test(arguments: ["/elsewhere", "/later/plain"])
    func `a path without a WebSocket goes to the router, and the connection ends with the answer`(_ path: String) async throws {
        let answer = try await Self.exchange(RawWebSocket.handshake(path: path) + "GET /never HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nplain \(path)"))
    }

    @Test func `plain HTTP is kept alive and may be pipelined`() async throws {
        try await LoopbackServer.run(resolve: Self.resolve) { server in
            let client = try RawClient(port: server.port)
            try await client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            let first = try await client.receiveResponse()
            #expect(first.body == "plain /a")
            let second = try await client.receiveResponse(behind: first.rest)
            #expect(second.body == "plain /b")
            #expect(second.rest.isEmpty)
            try await client.send("GET /c HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receiveResponse().body == "plain /c")
            client.close()
        }
    }

    @Test func `a later request cannot upgrade the connection and ends it`() async throws {
        try await LoopbackServer.run(resolve: Self.resolve) { server in
            let client = try RawClient(port: server.port)
            try await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receiveResponse().body == "plain /a")
            try await client.send(RawWebSocket.handshake())
            let answer = String(decoding: try await client.receiveAll(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.hasSuffix("plain /ws"))
            client.close()
        }
    }

    @Test func `an offer of another protocol is plain HTTP`() async throws {
        let answer = try await Self.exchange(
            "GET /h2 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n"
        )
        #expect(answer.hasSuffix("plain /h2"))
    }

    @Test func `a malformed head is answered by Hummingbird`() async throws {
        let answer = try await Self.exchange("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nBad Header: 1\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
    }

    @Test func `a head that is never complete is not waited for`() async throws {
        var configuration = WebSocketConfiguration()
        configuration.headTimeout = .milliseconds(50)
        let answer = try await Self.exchange("GET /ws HTTP/1.1\r\nHost: a\r\n", configuration: configuration)
        #expect(answer.isEmpty)
    }

    @Test func `a head that is too long is refused`() async throws {
        let answer = try await Self.exchange("GET /ws HTTP/1.1\r\nX: " + String(repeating: "x", count: 40_000))
        #expect(answer.hasPrefix("HTTP/1.1 431 "))
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\nA: b\r\n\r\nrest", 24),
            ("GET / HTTP/1.1\n\nrest", 16),
            ("\r\n\r\nGET / HTTP/1.1\r\n\r\n", 4),
            ("GET / HTTP/1.1\r\nA: b\r\n\r", nil),
            ("GET / HTTP/1.1\r\nA: b\r\n", nil),
            ("", nil),
        ] as [(String, Int?)])
    func `a head ends behind its first empty line`(_ text: String, _ expected: Int?) {
        let bytes = ByteBuffer(string: text).readableBytesView
        #expect(RequestHead.end(in: bytes, from: 0) == expected)
    }
}
