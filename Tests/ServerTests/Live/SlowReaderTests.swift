import Client
import Core
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct SlowReaderTests {
    /// Many channels, so that what is missed of each stays within what a resumption brings.
    private static let venues = 16
    /// 2,000 characters of four bytes each, the most that a notice holds. Every change is told on two channels, so that a round is some
    /// 260 KB; the system's buffers and the connection's queue hold a few MB together.
    private static let notice = String(repeating: "\u{1F3CB}", count: 2_000)
    private static let roundsMax = 60
    /// Connections of one person. The hundredth place becomes free when the server lets the slow one go: that is how others see it.
    private static let connectionsMax = 100

    @Test func `who stops reading is sent away, holds up nobody and resumes without loss`() async throws {
        try await TestServer.run { server in
            let vera = try await server.member("vera", role: .admin)
            var venues: [Venue] = []
            for _ in 0..<Self.venues { venues.append(try await server.venue()) }
            let channels = venues.flatMap { [$0.calendarChannel, $0.operationsChannel] }
            var configuration = LiveConfiguration()
            configuration.receiveBufferBytes = 4_096
            let slow = try await LiveConnection.connect(port: server.port, token: vera.token, configuration: configuration)
            let swift = try await server.admin.connect()
            var slowReplica = Replica()
            var swiftReplica = Replica()
            for channel in channels {
                slowReplica.begin(try await slow.subscribe(channel))
                swiftReplica.begin(try await swift.subscribe(channel))
            }
            var others: [LiveConnection] = []
            for _ in 1..<Self.connectionsMax { others.append(try await vera.connect()) }

            try await slow.setReading(false)
            var rounds = 0
            var again: LiveConnection?
            while again == nil, rounds < Self.roundsMax {
                rounds += 1
                try await Self.announceEverywhere(round: rounds, venues, at: server)
                do {
                    again = try await vera.connect()
                } catch let closed as ClosedConnection {
                    #expect(closed.code == 3504)
                }
            }
            let successor = try #require(again)
            let before = slowReplica
            try await slow.setReading(true)
            // At once: the server waits only a few seconds for its goodbye to be taken.
            async let rest = Self.rest(of: slow, before)

            // The other one has heard everything by now or is about to.
            var pushes = swift.pushes.makeAsyncIterator()
            while swiftReplica.heard < channels.count * rounds, let push = try await pushes.next() { swiftReplica.apply(push) }
            #expect(swiftReplica.isDense)

            let (replica, ending) = try await rest
            slowReplica = replica
            let closed = try #require(ending)
            #expect(closed.code == 3008)
            #expect(!closed.isTerminal)
            #expect(slowReplica.heard < channels.count * rounds)
            for channel in channels {
                let resumed = try await successor.subscribe(channel, since: slowReplica.positions[channel])
                #expect(resumed.recovered)
                slowReplica.resume(resumed)
            }
            #expect(slowReplica.isDense)
            #expect(slowReplica.positions == swiftReplica.positions)
            for connection in others + [successor, swift] { connection.cut() }
        }
    }

    /// Takes what the connection still gets.
    ///
    /// - Returns: how the server has ended it.
    private static func rest(of connection: LiveConnection, _ replica: Replica) async throws -> (Replica, ClosedConnection?) {
        var replica = replica
        do {
            for try await push in connection.pushes { replica.apply(push) }
            return (replica, nil)
        } catch let closed as ClosedConnection {
            return (replica, closed)
        }
    }

    private static func announceEverywhere(round: Int, _ venues: [Venue], at server: TestServer) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for venue in venues { group.addTask { try await server.announce("\(round % 10)" + notice.dropLast(), at: venue) } }
            try await group.waitForAll()
        }
    }

    /// How far a client has come in each channel, and whether it has missed or repeated anything on the way.
    private struct Replica {
        private(set) var positions: [String: StreamPosition] = [:]
        private(set) var heard = 0
        private(set) var isDense = true

        mutating func begin(_ subscription: Client.Subscription) {
            positions[subscription.channel] = subscription.position
        }

        mutating func resume(_ subscription: Client.Subscription) {
            for publication in subscription.missed { apply(publication, of: subscription.channel) }
        }

        mutating func apply(_ push: Push) {
            guard case .publication(let publication) = push.body else { return }
            apply(publication, of: push.channel)
        }

        private mutating func apply(_ publication: Publication, of channel: String) {
            guard let position = positions[channel] else { return }
            heard += 1
            if publication.offset != position.offset + 1 { isDense = false }
            positions[channel] = StreamPosition(epoch: position.epoch, offset: publication.offset)
        }
    }
}
