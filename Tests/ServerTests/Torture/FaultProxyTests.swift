import Client
import ServerTesting
import Testing

/// The instrument itself: what it says it does, it does.
@Suite(.timeLimit(.minutes(2))) struct FaultProxyTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: ringside\r\nConnection: close\r\n\r\n"

    /// The answer to a request that goes through a proxy with these faults.
    private static func answer(_ server: TestServer, _ faults: Fault...) async throws -> (text: String, tally: FaultTally) {
        let plan = FaultPlan(faults)
        return try await FaultProxy.run(to: server.port, plan: { _ in plan }) { proxy in
            // A reset at the first byte may come before the client knows that it is connected.
            guard let socket = try? await RawSocket.connect(port: proxy.port) else { return ("", proxy.tally) }
            try? await socket.write(request)
            let bytes = try await socket.readToEnd()
            await socket.close()
            return (String(decoding: bytes, as: UTF8.self), proxy.tally)
        }
    }

    @Test func `without faults, and with those that only delay, everything passes`() async throws {
        try await TestServer.run { server in
            let whole = try await Self.answer(server).text
            #expect(whole.hasPrefix("HTTP/1.1 200 OK"))
            #expect(whole.hasSuffix("}"))
            for action in [Fault.Action.hold(turns: 500), .trickle(bytes: 1_000), .trickle(bytes: 20)] {
                for fault in [Fault(.toServer, at: 7, action), Fault(.toClient, at: 0, action), Fault(.toClient, at: 33, action)] {
                    let (text, tally) = try await Self.answer(server, fault)
                    #expect(text.count == whole.count)
                    #expect(text.hasSuffix("}"))
                    #expect(tally.holds + tally.trickles == 1)
                }
            }
        }
    }

    @Test func `a cut lets exactly the bytes before it pass`() async throws {
        try await TestServer.run { server in
            for offset in [0, 1, 17, 90] {
                let (text, tally) = try await Self.answer(server, Fault(.toClient, at: offset, .cut(.finish)))
                #expect(text.utf8.count == offset)
                #expect(tally.cuts == 1)
                #expect(tally.bytesToClients == offset)

                let (nothing, reset) = try await Self.answer(server, Fault(.toServer, at: offset % Self.request.utf8.count, .cut(.reset)))
                #expect(nothing.isEmpty)
                #expect(reset.cuts == 1)
            }
        }
    }

    @Test func `after a stall or an orphaning nothing passes`() async throws {
        try await TestServer.run { server in
            for action in [Fault.Action.stall(turns: 100, .finish), .stall(turns: 1, .reset), .orphan(turns: 50)] {
                let (text, _) = try await Self.answer(server, Fault(.toClient, at: 12, action))
                #expect(text.utf8.count <= 12)
            }
        }
    }
}
