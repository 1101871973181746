import Core
import Testing
import Wire

@testable import Realtime

/// A channel whose log was removed.
@Suite struct RemovedHistoryTests {
    private let channel = "log:a"

    private func resumed(_ stage: Stage, since: UInt64) async throws -> SubscribeResult? {
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(.subscribe(SubscribeRequest(channel: channel, recover: true, epoch: "e1", offset: since)))
        guard case .subscribe(let result) = try await peer.replies().first else { return nil }
        return result
    }

    private func remove(_ stage: Stage, upTo offset: UInt64) async throws {
        stage.log.prune(channel, upTo: offset)
        try await stage.order(.forgetHistory(channel: channel))
    }

    @Test(arguments: [HubSettings().inboxBytesMax, 0])
    func `nobody recovers what was removed, and who watches goes on`(inboxBytesMax: Int) async throws {
        var settings = HubSettings()
        settings.inboxBytesMax = inboxBytesMax
        let stage = Stage(settings, TestAccess.Rules())
        let watcher = try await stage.connectedPeer(token: "ben")
        try await watcher.send(.subscribe(SubscribeRequest(channel: channel)))
        _ = try await watcher.take()
        try await stage.commit(["1", "2", "3"], to: channel)
        #expect(try await resumed(stage, since: 1)?.publications.count == 2)

        try await remove(stage, upTo: 3)
        let result = try #require(try await resumed(stage, since: 1))
        #expect(!result.recovered && result.publications.isEmpty && result.offset == 3)
        // Who has everything has missed nothing.
        #expect(try await resumed(stage, since: 3)?.recovered == true)

        try await stage.commit(["4"], to: channel)
        #expect(try await watcher.publications() == [1, 2, 3, 4])
        let later = try #require(try await resumed(stage, since: 3))
        #expect(later.recovered && later.publications.map(\.offset) == [4])
        #expect(try await resumed(stage, since: 2)?.recovered == false)
    }

    @Test func `what came right after the removal is recovered from the log`() async throws {
        let stage = Stage(TestAccess.Rules())
        let watcher = try await stage.connectedPeer(token: "ben")
        try await watcher.send(.subscribe(SubscribeRequest(channel: channel)))
        try await stage.commit(["1", "2"], to: channel)
        stage.log.prune(channel, upTo: 2)
        // Committed behind the removal, handed over before the hub hears of that.
        stage.relay.committed([stage.log.append("3", to: channel)])
        try await remove(stage, upTo: 2)
        let result = try #require(try await resumed(stage, since: 2))
        #expect(result.recovered && result.publications.map(\.offset) == [3])
        #expect(try await resumed(stage, since: 1)?.recovered == false)
    }

    @Test func `a read that was under way does not bring back what was removed`() {
        let position = { StreamPosition(epoch: "e1", offset: $0) }
        var stream = ChannelStream(channel: channel)
        let first = stream.subscribe(ticket: 1, since: position(1))
        guard case .read(_, let id)? = first.first else { return #expect(Bool(false)) }
        guard case .read(_, let again)? = stream.historyRemoved().first else { return #expect(Bool(false)) }
        let old = (2...3).map { LogEntry(offset: $0, data: RawJSON("\($0)")) }
        #expect(stream.completed(read: id, LogPage(top: position(3), entries: old.reversed())).isEmpty)
        let answer = stream.completed(read: again, LogPage(top: position(3), entries: []))
        guard case .answer(_, let start)? = answer.first, case .unrecovered = start.recovery else { return #expect(Bool(false)) }
        #expect(start.top == position(3))
    }
}
