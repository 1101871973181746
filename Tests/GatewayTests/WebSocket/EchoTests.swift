import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct EchoTests {
    private static let resolve = EchoRoute.before { _ in .refuse(.unauthorized, reason: "Who are you?") }

    @Test func `every message comes back as it went, far beyond the bounds of others`() async throws {
        try await LoopbackServer.run(resolve: Self.resolve) { server in
            var socket = try await RawWebSocket(port: server.port, path: EchoRoute.path)
            let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7_919) }
            try await socket.client.send(.binary(bytes))
            #expect(try await socket.next() == ServerFrame(opcode: 2, payload: bytes))
            try await socket.client.send(.text("a", isFinal: false), .more(Array("ñ".utf8)))
            #expect(try await socket.next()?.text == "añ")
            socket.client.close()
        }
    }

    @Test func `every other path is decided by the one behind it`() async throws {
        try await LoopbackServer.run(resolve: Self.resolve) { server in
            let client = try RawClient(port: server.port)
            try await client.send(RawWebSocket.handshake(path: "/echo/else"))
            #expect(try await client.receiveHead().head.hasPrefix("HTTP/1.1 401 "))
            client.close()
        }
    }
}
