import NIOCore
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct DeflateConnectionTests {
    private static let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    private static let text = String(repeating: "the court is free from ten to eleven; ", count: 30)

    private static func echo(_ journal: Journal = Journal()) -> UpgradeResolver {
        LoopbackServer.accepting { ScriptedDelegate(journal) { $0.sendText(Array($1.utf8)) } }
    }

    @Test func `a compressed message is answered with a compressed one`() async throws {
        try await LoopbackServer.run(resolve: Self.echo()) { server in
            var socket = try await RawWebSocket(port: server.port, extra: Self.offer)
            #expect(
                socket.head.contains(
                    "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover"))
            for _ in 0..<3 {
                try await socket.client.send(ClientFrame(1, try ZlibPeer.message(Array(Self.text.utf8))).deflated())
                let answer = try #require(try await socket.next())
                #expect(answer.isDeflated)
                #expect(try ZlibPeer.read(answer.payload) == Array(Self.text.utf8))
            }
            socket.client.close()
        }
    }

    @Test func `nothing is compressed for a client that did not offer it`() async throws {
        try await LoopbackServer.run(resolve: Self.echo()) { server in
            var socket = try await RawWebSocket(port: server.port)
            #expect(!socket.head.lowercased().contains("extensions"))
            try await socket.client.send(.text(Self.text))
            #expect(try await socket.next() == ServerFrame(opcode: 1, payload: Array(Self.text.utf8)))
            try await socket.client.send(ClientFrame(1, [0]).deflated())
            #expect(try await socket.next()?.closeCode == 1002)
            socket.client.close()
        }
    }

    @Test func `compression can be switched off`() async throws {
        var configuration = WebSocketConfiguration()
        configuration.deflates = false
        try await LoopbackServer.run(configuration: configuration, resolve: Self.echo()) { server in
            let socket = try await RawWebSocket(port: server.port, extra: Self.offer)
            #expect(!socket.head.lowercased().contains("extensions"))
            socket.client.close()
        }
    }

    @Test func `a malformed offer fails the handshake`() async throws {
        try await LoopbackServer.run(resolve: Self.echo()) { server in
            let client = try RawClient(port: server.port)
            try await client.send(RawWebSocket.handshake(extra: "Sec-WebSocket-Extensions: permessage-deflate; =\r\n"))
            #expect(try await client.receiveHead().head.hasPrefix("HTTP/1.1 400 "))
            client.close()
        }
    }

    @Test func `an offer that can't be granted leaves a plain connection`() async throws {
        try await LoopbackServer.run(resolve: Self.echo()) { server in
            let extra = "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8\r\n"
            var socket = try await RawWebSocket(port: server.port, extra: extra)
            #expect(!socket.head.lowercased().contains("extensions"))
            try await socket.client.send(.text(Self.text))
            #expect(try await socket.next()?.isDeflated == false)
            socket.client.close()
        }
    }

    @Test func `a bomb closes the connection as too big`() async throws {
        try await LoopbackServer.run(resolve: Self.echo()) { server in
            var socket = try await RawWebSocket(port: server.port, extra: Self.offer)
            let bomb = try ZlibPeer.message(.init(repeating: 0x20, count: 20 << 20), level: 9)
            #expect(bomb.count < WebSocketConfiguration().messageBytesMax)
            try await socket.client.send(ClientFrame(1, bomb).deflated())
            #expect(try await socket.next()?.closeCode == 1009)
            socket.client.close()
        }
    }

    @Test func `damaged data close the connection`() async throws {
        try await LoopbackServer.run(resolve: Self.echo()) { server in
            var socket = try await RawWebSocket(port: server.port, extra: Self.offer)
            try await socket.client.send(ClientFrame(1, [0x06, 0xFF]).deflated())
            #expect(try await socket.next()?.closeCode == 1007)
            socket.client.close()
        }
    }

    @Test func `two connections may be in the middle of a compressed message at once`() async throws {
        try await LoopbackServer.run(resolve: Self.echo()) { server in
            var sockets: [RawWebSocket] = []
            var payloads: [[UInt8]] = []
            for number in 0..<8 {
                sockets.append(try await RawWebSocket(port: server.port, extra: Self.offer))
                payloads.append(try ZlibPeer.message(Array("\(number) \(Self.text)".utf8)))
            }
            for (socket, payload) in zip(sockets, payloads) {
                try await socket.client.send(ClientFrame(1, Array(payload.prefix(20)), isFinal: false).deflated())
            }
            for index in sockets.indices {
                try await sockets[index].client.send(.more(Array(payloads[index].dropFirst(20))))
                let answer = try #require(try await sockets[index].next())
                #expect(try ZlibPeer.read(answer.payload) == Array("\(index) \(Self.text)".utf8))
                sockets[index].client.close()
            }
        }
    }

    @Test func `a peer that does not read compressed messages is closed at the bound and learns why`() async throws {
        let journal = Journal()
        var configuration = WebSocketConfiguration()
        configuration.queueBytesMax = 50_000
        configuration.closeTimeout = .seconds(20)
        let noise = (0..<4_000).map { "\($0 * 7_919 % 10_007)" }.joined(separator: " ")
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, _ in
                var queuedBytesMax = 0
                while socket.isOpen {
                    socket.sendText(Array(noise.utf8))
                    queuedBytesMax = max(queuedBytesMax, socket.queuedBytes)
                }
                journal.write(.note(queuedBytesMax <= 50_020 ? "bounded" : "unbounded: \(queuedBytesMax)"))
            }
        }
        try await LoopbackServer.run(configuration: configuration, sendBufferBytes: 8_192, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port, extra: Self.offer, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"), .ping("p"))
            await journal.wait(for: .note("bounded"))
            #expect(await journal.next() == .closed(3008))
            socket.client.closeOutput()
            let frames = try await socket.remaining()
            #expect(frames.last?.closeCode == 3008)
            let messages = frames.filter { $0.opcode == 1 }
            #expect(!messages.isEmpty && messages.allSatisfy(\.isDeflated))
            for message in messages { #expect(try ZlibPeer.read(message.payload) == Array(noise.utf8)) }
            socket.client.close()
        }
    }
}
