import Testing
import Wire

@testable import Realtime

/// Quiet channels are compared with the log every 40 seconds (protocol A.11).
@Suite struct PositionCheckTests {
    private static let channels = (1...50).map { "calendar:venue:\($0)" }.filter { $0 != "calendar:venue:13" }

    private func stage() async throws -> (Stage, Peer) {
        var settings = HubSettings()
        // The peers of a stage answer no pings.
        settings.pingSeconds = 600
        let stage = Stage(settings)
        let peer = try await stage.connectedPeer()
        for channel in Self.channels { try await peer.send(.subscribe(SubscribeRequest(channel: channel))) }
        _ = try await peer.take()
        return (stage, peer)
    }

    @Test func `channels that are due together cost one read together`() async throws {
        let (stage, _) = try await stage()
        let before = stage.log.reads
        try await stage.advance(bySeconds: HubSettings().positionCheckSeconds / 2 + 1)
        // One for all of them, the personal channel included: the random numbers of a stage are the lowest.
        #expect(stage.log.reads - before == 1)
    }

    @Test func `what was lost on its way is found in all of them, and told within the time`() async throws {
        let (stage, peer) = try await stage()
        for channel in Self.channels { _ = stage.log.append("\"lost\"", to: channel) }
        try await stage.advance(bySeconds: HubSettings().positionCheckSeconds)
        let pushes = try await peer.pushes()
        #expect(Set(pushes.map(\.channel)) == Set(Self.channels))
        #expect(pushes.count == Self.channels.count)
    }

    @Test func `a log that can't be read is asked again, and nobody is sent away`() async throws {
        let (stage, peer) = try await stage()
        stage.log.setBroken(true)
        try await stage.advance(bySeconds: HubSettings().positionCheckSeconds)
        stage.log.setBroken(false)
        _ = stage.log.append("\"lost\"", to: Self.channels[0])
        try await stage.advance(bySeconds: HubSettings().positionCheckSeconds)
        #expect(try await peer.pushes().map(\.channel) == [Self.channels[0]])
        #expect(try await peer.closed() == nil)
    }
}
