import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct WebSocketConnectionTests {
    private static func echo(_ journal: Journal) -> UpgradeResolver {
        LoopbackServer.accepting { ScriptedDelegate(journal) { $0.sendText(Array("echo \($1)".utf8)) } }
    }

    @Test(arguments: [true, false])
    func `a message is answered, on the socket or by the channel`(_ sendsDirectly: Bool) async throws {
        var configuration = WebSocketConfiguration()
        configuration.sendsDirectly = sendsDirectly
        let journal = Journal()
        try await LoopbackServer.run(configuration: configuration, resolve: Self.echo(journal)) { server in
            var socket = try await RawWebSocket(port: server.port)
            try await socket.client.send(.text("one"), .text("two"))
            #expect(try await socket.next()?.text == "echo one")
            #expect(try await socket.next()?.text == "echo two")
            socket.client.close()
        }
    }

    @Test func `a message of the greatest size arrives whole`() async throws {
        let journal = Journal()
        try await LoopbackServer.run(resolve: LoopbackServer.accepting { ScriptedDelegate(journal) }) { server in
            let socket = try await RawWebSocket(port: server.port)
            let bytes = [UInt8](repeating: 42, count: 65_536)
            try await socket.client.send(.binary(bytes))
            await journal.wait(for: .binary(bytes))
            socket.client.close()
        }
    }

    @Test func `every ping is answered while the peer reads`() async throws {
        try await LoopbackServer.run(resolve: Self.echo(Journal())) { server in
            var socket = try await RawWebSocket(port: server.port)
            try await socket.client.send((0..<10).map { ClientFrame.ping("ping \($0)") }.bytes)
            for number in 0..<10 {
                #expect(try await socket.next() == ServerFrame(opcode: 0xA, payload: Array("ping \(number)".utf8)))
            }
            socket.client.close()
        }
    }

    @Test func `a close is answered with its code and ends the connection`() async throws {
        let journal = Journal()
        try await LoopbackServer.run(resolve: Self.echo(journal)) { server in
            var socket = try await RawWebSocket(port: server.port)
            try await socket.client.send(.close(1001, Array("bye".utf8)))
            #expect(try await socket.next()?.closeCode == 1001)
            #expect(try await socket.next() == nil)
            #expect(await journal.next() == .opened)
            #expect(await journal.next() == .closed(1001))
            socket.client.close()
        }
    }

    @Test func `what was sent before a close arrives before it`() async throws {
        let journal = Journal()
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, _ in
                socket.sendText(Array("last words".utf8))
                socket.close(code: 3000, reason: "done")
                socket.sendText(Array("too late".utf8))
            }
        }
        try await LoopbackServer.run(resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port)
            try await socket.client.send(.text("go"))
            #expect(try await socket.next()?.text == "last words")
            let close = try await socket.next()
            #expect(close?.closeCode == 3000)
            #expect(close?.payload.dropFirst(2).elementsEqual("done".utf8) == true)
            try await socket.client.send(.text("ignored"), .close(3000))
            #expect(try await socket.next() == nil)
            await journal.wait(for: .closed(3000))
            socket.client.close()
        }
    }

    @Test func `a peer that does not answer a close is cut off`() async throws {
        var configuration = WebSocketConfiguration()
        configuration.closeTimeout = .milliseconds(100)
        let resolve = LoopbackServer.accepting { ScriptedDelegate(Journal(), onOpen: { $0.close(code: 3503, reason: "") }) }
        try await LoopbackServer.run(configuration: configuration, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port)
            #expect(try await socket.next()?.closeCode == 3503)
            #expect(try await socket.next() == nil)
            socket.client.close()
        }
    }

    @Test func `a peer that breaks the protocol is told, even while it is still sending`() async throws {
        let journal = Journal()
        try await LoopbackServer.run(resolve: Self.echo(journal)) { server in
            var socket = try await RawWebSocket(port: server.port)
            try await socket.client.send(ClientFrame.text("x").firstByte(0xC1).bytes + .init(repeating: 0, count: 100_000))
            #expect(try await socket.next()?.closeCode == 1002)
            #expect(try await socket.next() == nil)
            await journal.wait(for: .closed(1002))
            socket.client.close()
        }
    }

    @Test func `a connection that just ends is reported without a code`() async throws {
        let journal = Journal()
        try await LoopbackServer.run(resolve: Self.echo(journal)) { server in
            let socket = try await RawWebSocket(port: server.port)
            socket.client.closeOutput()
            #expect(try await socket.client.receiveAll().isEmpty)
            await journal.wait(for: .closed(nil))
            socket.client.close()
        }
    }

    @Test func `frames behind the handshake are not lost`() async throws {
        try await LoopbackServer.run(resolve: Self.echo(Journal())) { server in
            var socket = try await RawWebSocket(port: server.port, behind: [.text("early"), .ping("p")])
            #expect(try await socket.next()?.text == "echo early")
            #expect(try await socket.next()?.opcode == 0xA)
            socket.client.close()
        }
    }

    @Test func `a burst is one system call`() async throws {
        var descriptors: [CInt] = [0, 0]
        // Packets keep their borders: one receive returns what one send sent.
        try #require(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &descriptors) == 0)
        let client = RawClient(descriptor: descriptors[1])
        let frames = (0..<8).map { FrameWriter.frame(text: Array("frame \($0)".utf8)) }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let delegate = ScriptedDelegate(Journal()) { socket, _ in
                        frames.forEach(socket.send(frame:))
                        socket.flush()
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        WebSocketHandler(eventLoop: channel.eventLoop, delegate: delegate, configuration: .init(), preface: ByteBuffer())
                    )
                }
            }
            .withConnectedSocket(descriptors[0])
            .get()
        try await client.send(.text("go"))
        let packet = try await client.receive()
        #expect(packet == frames.flatMap { Array($0.readableBytesView) })
        try await channel.close()
        client.close()
    }

    @Test(arguments: [true, false])
    func `nothing overtakes anything while a peer reads slowly`(_ sendsDirectly: Bool) async throws {
        var configuration = WebSocketConfiguration()
        configuration.sendsDirectly = sendsDirectly
        configuration.queueBytesMax = 16_000_000
        let sizes = (0..<600).map { $0 % 50 == 0 ? 100_000 + $0 : $0 * 7 % 2_000 }
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(Journal()) { socket, _ in
                for (number, size) in sizes.enumerated() {
                    socket.send(frame: FrameWriter.frame(binary: [UInt8](repeating: UInt8(number & 0xFF), count: size)))
                    if number % 7 == 0 { socket.flush() }
                }
                socket.sendText(Array("end".utf8))
            }
        }
        try await LoopbackServer.run(configuration: configuration, sendBufferBytes: 8_192, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"), .ping("still there?"))
            var number = 0
            while let frame = try await socket.next() {
                if frame.opcode == 0xA { continue }
                if frame.opcode == 0x1 { break }
                #expect(frame.payload.count == sizes[number] && frame.payload.allSatisfy { $0 == UInt8(number & 0xFF) })
                number += 1
            }
            #expect(number == sizes.count)
            socket.client.close()
        }
    }

    // MARK: Slow peers

    /// On every message fills the queue until it is refused, and notes whether the bound was ever passed.
    private static func flood(_ journal: Journal, bound: Int) -> UpgradeResolver {
        LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, _ in
                let frame = FrameWriter.frame(binary: .init(repeating: 1, count: 1_000))
                var queuedBytesMax = 0
                while socket.isOpen {
                    socket.send(frame: frame)
                    queuedBytesMax = max(queuedBytesMax, socket.queuedBytes)
                }
                journal.write(.note(queuedBytesMax <= bound + 20 ? "bounded" : "unbounded: \(queuedBytesMax)"))
            }
        }
    }

    private static func bounded(closeTimeout: TimeAmount) -> WebSocketConfiguration {
        var configuration = WebSocketConfiguration()
        configuration.queueBytesMax = 100_000
        configuration.closeTimeout = closeTimeout
        return configuration
    }

    @Test func `a peer that reads too slowly learns why it was closed`() async throws {
        let journal = Journal()
        let configuration = Self.bounded(closeTimeout: .seconds(20))
        let resolve = Self.flood(journal, bound: configuration.queueBytesMax)
        try await LoopbackServer.run(configuration: configuration, sendBufferBytes: 8_192, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"), .ping("p"))
            await journal.wait(for: .note("bounded"))
            #expect(await journal.next() == .closed(3008))
            socket.client.closeOutput()
            let frames = try await socket.remaining()
            #expect(frames.last?.closeCode == 3008)
            #expect(frames.dropLast().allSatisfy { $0.opcode == 0xA || $0.payload.count == 1_000 })
            socket.client.close()
        }
    }

    @Test func `one turn may send more than the queue holds to a peer that reads`() async throws {
        var configuration = WebSocketConfiguration()
        configuration.queueBytesMax = 10_000
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(Journal()) { socket, _ in
                for _ in 0..<10 { socket.sendBinary(.init(repeating: 1, count: 4_000)) }
            }
        }
        try await LoopbackServer.run(configuration: configuration, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port)
            try await socket.client.send(.text("go"))
            for _ in 0..<10 { #expect(try await socket.next()?.payload.count == 4_000) }
            socket.client.close()
        }
    }

    @Test func `a peer that never reads is cut off after the deadline`() async throws {
        let journal = Journal()
        let configuration = Self.bounded(closeTimeout: .milliseconds(100))
        let resolve = Self.flood(journal, bound: configuration.queueBytesMax)
        try await LoopbackServer.run(configuration: configuration, sendBufferBytes: 8_192, resolve: resolve) { server in
            let socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"))
            await journal.wait(for: .note("bounded"))
            #expect(await journal.next() == .closed(3008))
            // The peer reads only to see that the connection ended although it took nothing: the writes fail once it is closed.
            await #expect(throws: RawClient.Failure.self) {
                while true { try await socket.client.send([UInt8](repeating: 0, count: 65_536)) }
            }
            socket.client.close()
        }
    }

    @Test func `a peer that takes nothing for too long is closed by the tick`() async throws {
        let journal = Journal()
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, text in
                while socket.isWritable {
                    socket.send(frame: FrameWriter.frame(binary: .init(repeating: 1, count: 1_000)))
                    socket.flush()
                }
                socket.tick(now: .now())
                journal.write(.note(socket.isOpen ? "open" : "closed"))
                socket.tick(now: .now() + .seconds(11))
                journal.write(.note(socket.isOpen ? "open" : "closed"))
            }
        }
        try await LoopbackServer.run(sendBufferBytes: 8_192, resolve: resolve) { server in
            let socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"))
            await journal.wait(for: .note("open"))
            #expect(await journal.next() == .note("closed"))
            #expect(await journal.next() == .closed(3009))
            socket.client.close()
        }
    }

    @Test func `a sender that holds back is told when the peer reads again`() async throws {
        let journal = Journal()
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, _ in
                socket.onWritable = { [weak socket] in
                    journal.write(.note("writable \(socket?.queuedBytes ?? -1)"))
                    socket?.close(code: 1000, reason: "")
                }
                while socket.isWritable {
                    socket.send(frame: FrameWriter.frame(binary: .init(repeating: 1, count: 1_000)))
                    socket.flush()
                }
                journal.write(.note("held back"))
            }
        }
        try await LoopbackServer.run(sendBufferBytes: 8_192, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"))
            await journal.wait(for: .note("held back"))
            while let frame = try await socket.next(), frame.opcode != 0x8 {}
            #expect(await journal.next() == .note("writable 0"))
            socket.client.close()
        }
    }

    @Test func `a ping fits into a queue that is full`() async throws {
        let (journal, bytesMax) = (Journal(), 60_000)
        var configuration = WebSocketConfiguration()
        configuration.queueBytesMax = bytesMax
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, text in
                while socket.isWritable {
                    socket.send(frame: FrameWriter.frame(binary: .init(repeating: 1, count: 1_000)))
                    socket.flush()
                }
                // Exactly full, whatever stands around the bytes.
                let head = FrameWriter.frame(binary: .init(repeating: 1, count: 1_000)).readableBytes - 1_000
                let room = bytesMax - socket.queuedBytes
                socket.send(frame: FrameWriter.frame(binary: .init(repeating: 1, count: room - head)))
                for message in [nil, Array("{}".utf8)] {
                    socket.sendPing(message)
                    socket.flush()
                }
                journal.write(.note(socket.isOpen && socket.queuedBytes > bytesMax ? "open" : "closed"))
            }
        }
        try await LoopbackServer.run(configuration: configuration, sendBufferBytes: 8_192, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"))
            await journal.wait(for: .text("go"))
            #expect(await journal.next() == .note("open"))
            try await socket.client.send(.close(1000))
            let frames = try await socket.remaining()
            #expect(frames.count { $0.opcode == 0x9 } == 1)
            #expect(frames.last?.opcode == 0x8)
            socket.client.close()
        }
    }

    @Test func `pings of a peer that does not read cost one pong`() async throws {
        let journal = Journal()
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, text in
                if text == "count" { return journal.write(.note("\(socket.queuedBytes)")) }
                while socket.isWritable {
                    socket.send(frame: FrameWriter.frame(binary: .init(repeating: 1, count: 1_000)))
                    socket.flush()
                }
                journal.write(.note("\(socket.queuedBytes)"))
            }
        }
        try await LoopbackServer.run(sendBufferBytes: 8_192, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"))
            await journal.wait(for: .text("go"))
            let before = await journal.next()
            try await socket.client.send((0..<5_000).map { ClientFrame.ping("\($0)") }.bytes + ClientFrame.text("count").bytes)
            await journal.wait(for: .text("count"))
            #expect(await journal.next() == before)
            try await socket.client.send(.close(1000))
            let pongs = try await socket.remaining().filter { $0.opcode == 0xA }
            #expect(pongs.last?.text == "4999")
            #expect(pongs.count == 1)
            socket.client.close()
        }
    }
}
