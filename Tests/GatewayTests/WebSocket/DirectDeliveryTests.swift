import NIOCore
import Testing
import Wire

@testable import Gateway
@testable import Realtime

/// Broadcasts that go straight to the sockets.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DirectDeliveryTests {
    /// One watcher of one channel, and what delivers to it.
    private final class Watcher: Subscriber {
        private let channel = WatchedChannel(name: "c", limits: StreamLimits())
        private var deliveries = DeliveryQueue()
        private var outboxes = OutboxList()
        private var offset: UInt64 = 0

        init(_ socket: WebSocket) {
            let outbox = Outbox(transport: socket, format: .webSocketNotification)
            channel.audience.insert(Subscription(channel: channel, ticket: 1, outbox: outbox, subscriber: self), at: 0)
        }

        func deliver(_ size: Int) {
            offset += 1
            let data = RawJSON(bytes: [UInt8](repeating: UInt8(ascii: "1") + UInt8(offset % 9), count: size))
            deliveries.append(Broadcast(channel: "c", position: StreamPosition(epoch: "e", offset: offset), data: data), on: channel)
            var budget = 1
            deliveries.advance(budget: &budget, &outboxes)
        }

        /// Else the channel, the subscription and this one would hold each other for ever.
        func leave() { _ = channel.audience.removeAll() }

        let takesPushes = true

        func started(_ subscription: Subscription, at start: StreamStart) {}
        func failed(_ subscription: Subscription) {}
        func caughtUp(_ subscription: Subscription, _ catchUp: CatchUp) {}
        func lost(_ subscription: Subscription) {}
    }

    @Test func `nothing overtakes anything while a watcher reads slowly`() async throws {
        var configuration = WebSocketConfiguration()
        configuration.queueBytesMax = 16_000_000
        let sizes = (0..<600).map { $0 % 50 == 49 ? 100_000 + $0 : 1 + $0 * 7 % 2_000 }
        let journal = Journal()
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, _ in
                let watcher = Watcher(socket)
                var passed = 0
                for size in sizes {
                    watcher.deliver(size)
                    if socket.directSocket?.isClear == true { passed += 1 }
                }
                watcher.leave()
                socket.sendText(Array("end".utf8))
                journal.write(.note(passed > 0 && passed < sizes.count ? "some waited" : "\(passed) passed"))
            }
        }
        try await LoopbackServer.run(configuration: configuration, sendBufferBytes: 8_192, resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port, receiveBufferBytes: 4_096)
            try await socket.client.send(.text("go"))
            await journal.wait(for: .note("some waited"))
            for (number, size) in sizes.enumerated() {
                let payload = try #require(try await socket.next()).payload
                #expect(payload.count == size && payload.allSatisfy { $0 == UInt8(ascii: "1") + UInt8((number + 1) % 9) })
            }
            #expect(try await socket.next()?.text == "end")
            socket.client.close()
        }
    }

    @Test func `what waits is not passed by a broadcast`() async throws {
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(Journal()) { socket, _ in
                socket.sendText(Array("before".utf8))
                let watcher = Watcher(socket)
                watcher.deliver(3)
                watcher.leave()
                socket.sendText(Array("after".utf8))
            }
        }
        try await LoopbackServer.run(resolve: resolve) { server in
            var socket = try await RawWebSocket(port: server.port)
            try await socket.client.send(.text("go"))
            for text in ["before", "222", "after"] { #expect(try await socket.next()?.text == text) }
            socket.client.close()
        }
    }

    @Test func `the short way is open while nothing waits, and shut for good once the connection closes`() async throws {
        let journal = Journal()
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, _ in
                let direct = socket.directSocket
                var states = [direct?.isClear]
                socket.sendText(Array("x".utf8))
                states.append(direct?.isClear)
                socket.flush()
                states.append(direct?.isClear)
                socket.close(code: 3000, reason: "done")
                states.append(direct?.isClear)
                socket.flush()
                states.append(direct?.isClear)
                journal.write(.note("\(states.map { $0 ?? false })"))
            }
        }
        try await LoopbackServer.run(resolve: resolve) { server in
            let socket = try await RawWebSocket(port: server.port)
            try await socket.client.send(.text("go"))
            await journal.wait(for: .note("[true, false, true, false, false]"))
            socket.client.close()
        }
    }
}
