import Client
import Realtime
import Server
import ServerTesting
import Testing
import Wire

/// Races that other implementations of the protocol have lost (protocol A.11), as far as they are a server's to lose.
@Suite(.timeLimit(.minutes(5))) struct ProtocolRaceTests {
    @Test func `after a resumption that brought nothing the next publication is whole and follows on`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let channel = venue.calendarChannel
            try await server.announce("before", at: venue)
            for _ in 1...10 {
                let connection = try await server.admin.connect()
                let top = try #require(try await connection.positions(of: [channel])[channel])
                let resumed = try await connection.subscribe(channel, since: top)
                #expect(resumed.recovered)
                #expect(resumed.missed.isEmpty)
                #expect(resumed.position == top)

                try await server.announce("after \(top.offset)", at: venue)
                let watch = Watch(connection: connection, channel: channel, subscription: resumed)
                let publication = try await watch.nextPublication()
                #expect(publication.offset == top.offset + 1)
                #expect(try publication.head().type == "venue.changed")
                await connection.close()
            }
        }
    }

    @Test func `subscribing, leaving and subscribing again while the first answer is pending leaves no ghost behind`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let channel = venue.calendarChannel
            for round in 0..<20 {
                let socket = try await UpgradedSocket.connect(port: server.port)
                // Once everything in one frame, once frame by frame, so that the answers overtake the commands or not.
                let commands = [
                    #"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#, #"{"id":2,"subscribe":{"channel":"\#(channel)"}}"#,
                    #"{"id":3,"unsubscribe":{"channel":"\#(channel)"}}"#, #"{"id":4,"subscribe":{"channel":"\#(channel)"}}"#,
                    #"{"id":5,"unsubscribe":{"channel":"\#(channel)"}}"#,
                ]
                if round.isMultiple(of: 2) {
                    try await socket.send(commands.joined(separator: "\n"))
                } else {
                    for command in commands { try await socket.send(command) }
                }
                let replies = try await socket.lines(5)
                #expect(replies.map { $0.prefix(7) } == (1...5).map { #"{"id":\#($0),"#.prefix(7) })
                #expect(replies[4] == #"{"id":5,"unsubscribe":{}}"#)

                // Nothing of the channel comes any more, and it can be subscribed once more.
                try await server.announce("ghost \(round)", at: venue)
                try await socket.send(#"{"id":6,"subscribe":{"channel":"\#(channel)"}}"#)
                #expect(try await socket.lines(1)[0].hasPrefix(#"{"id":6,"subscribe":{"#))
                await socket.close()
            }
        }
    }

    @Test func `a ping that waits while a client is away does not end the connection that it answers late`() async throws {
        let adjust: @Sendable (inout Configuration) -> Void = {
            $0.hub.pingSeconds = 4
            $0.hub.pongSeconds = 3
            // The first ping comes after two seconds, to whoever came first not later than to the others.
            $0.hub.random = { $0.lowerBound }
        }
        try await TestServer.run(adjust: adjust) { server in
            let venue = try await server.venue()
            let connection = try await server.admin.connect()
            let subscription = try await connection.subscribe(venue.calendarChannel)
            // Asleep: the ping waits in the socket, and so does what comes behind it.
            try await connection.setReading(false)
            let witness = try await UpgradedSocket.connect(port: server.port)
            try await witness.send(#"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#)
            _ = try await witness.lines(1)
            #expect(try await witness.lines(1) == ["{}"])
            try await server.announce("good morning", at: venue)
            try await connection.setReading(true)

            let watch = Watch(connection: connection, channel: venue.calendarChannel, subscription: subscription)
            #expect(try await watch.nextPublication().offset == (subscription.position?.offset ?? 0) + 1)
            #expect(try await watch.top().offset == (subscription.position?.offset ?? 0) + 1)
            await connection.close()
            await witness.close()
        }
    }

    @Test func `an old connection that dies late takes nothing from the new one`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let channel = venue.calendarChannel
            let plan = FaultPlan([Fault(.toServer, at: 900, .orphan(turns: 20_000))])
            try await FaultProxy.run(to: server.port, plan: { $0 == 0 ? plan : .none }) { proxy in
                let old = try await LiveConnection.connect(port: proxy.port, token: server.admin.token)
                let position = try #require(try await old.subscribe(channel).position)
                // Enough commands to reach the byte at which the network goes; the server does not hear of it for a while.
                while true {
                    guard (try? await old.history(channel)) != nil else { break }
                }
                let new = try await LiveConnection.connect(port: proxy.port, token: server.admin.token)
                let resumed = try await new.subscribe(channel, since: position)
                #expect(resumed.recovered)
                let watch = Watch(connection: new, channel: channel, subscription: resumed)
                for number in 1...30 {
                    try await server.announce("late \(number)", at: venue)
                    #expect(try await watch.nextPublication().offset == position.offset + UInt64(number))
                }
                await new.close()
            }
        }
    }

    @Test func `a subscription is refreshed by the server alone, so a client that tries is told so`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let code = try await UpgradedSocket.closeCode(
                port: server.port,
                after: [
                    """
                    {"id":1,"connect":{"token":"\(server.admin.token)"}}
                    {"id":2,"subscribe":{"channel":"\(venue.calendarChannel)"}}
                    {"id":3,"sub_refresh":{"channel":"\(venue.calendarChannel)","token":"expired"}}
                    """
                ]
            )
            #expect(code == 3501)
        }
    }
}
