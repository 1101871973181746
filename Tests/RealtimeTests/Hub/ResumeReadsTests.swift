import Testing
import Wire

@testable import Realtime

@Suite struct ResumeReadsTests {
    private static let channels = (1...4).map { "calendar:venue:\($0)" }
    private static let events: UInt64 = 50

    /// After a restart nothing is in memory, and everybody comes back in the same moment.
    @Test(arguments: [10, 60, 240])
    func `a storm of those who come back costs reads of the log for each channel and not for each client`(clients: Int) async throws {
        var settings = HubSettings()
        settings.connectionsPerUserMax = clients
        let stage = Stage(settings)
        for channel in Self.channels {
            for number in 1...Self.events { _ = stage.log.append("\(number)", to: channel) }
        }
        var peers: [Peer] = []
        for number in 0..<clients { peers.append(try await stage.connectedPeer(user: 1 + number % 3)) }
        let readsBefore = stage.log.reads

        let commands = Self.channels.enumerated().map { index, channel in
            let since = SubscribeRequest(channel: channel, recover: true, epoch: "e1", offset: 10)
            return Command(id: UInt32(index + 1), request: .subscribe(since))
        }
        let frame = JSONClientCodec().encode(commands)
        for peer in peers { try await peer.deliver(frame) }
        try await stage.settle()

        for peer in peers {
            let replies = try await peer.replies()
            #expect(replies.count == Self.channels.count)
            for case .subscribe(let result) in replies {
                #expect(result.recovered)
                #expect(result.publications.map(\.offset) == (11...Self.events).map { $0 })
            }
        }
        // Where the channel stands, and what came last.
        #expect(stage.log.reads - readsBefore <= 2 * Self.channels.count)
    }
}
