import Client
import ServerTesting
import Testing
import Wire

/// Readers of some channels that all go through one proxy: Ringside's own client on each channel, and bare ones on all of them.
struct TortureReaders: Sendable {
    let live: [Follower]
    let bare: [BareFollower]
    let channels: [String]

    var all: [any TortureReader] { live + bare }

    /// - Parameters:
    ///   - ready: waits for a server and names the proxy's port; throws where none will come.
    init(of channels: [String], token: String, bareCount: Int, ready: @escaping @Sendable () async throws -> Int) {
        self.channels = channels
        let beginning = StreamPosition(epoch: "", offset: 0)
        live = channels.map { channel in
            Follower(channel, since: beginning) { try await LiveConnection.connect(port: try await ready(), token: token) }
        }
        bare = (0..<bareCount).map { _ in
            BareFollower(token: token, since: Dictionary(uniqueKeysWithValues: channels.map { ($0, beginning) }))
        }
    }

    /// Lets everybody read while the body runs, then waits until everybody has everything over a network without faults.
    ///
    /// - Parameters:
    ///   - ready: as for the initializer.
    ///   - body: what happens while everybody reads.
    ///   - ending: serves for as long as the closure takes that it is given, and hands it the channels' tops.
    func read(
        through proxy: FaultProxy, ready: @escaping @Sendable () async throws -> Int, while body: () async throws -> Void,
        ending: (_ everybodyCatchesUp: ([String: UInt64]) async throws -> Void) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for follower in live { group.addTask { try await follower.subscription.run() } }
            for follower in bare { group.addTask { await follower.run(port: ready) } }
            do {
                try await body()
                try await ending { tops in await catchUp(with: tops, through: proxy) }
            } catch {
                for follower in bare { follower.finish(at: [:]) }
                proxy.stopFaults()
                proxy.cutAll(.reset)
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Waits until everybody has come so far.
    ///
    /// - Throws: ``TortureError/stuck(_:_:)`` where somebody has not within a minute.
    func haveReached(_ offsets: [String: UInt64]) async throws {
        for reader in all {
            for (channel, offset) in offsets {
                guard await reader.hasReached(offset, in: channel, within: .seconds(60)) else { throw TortureError.stuck(channel, offset) }
            }
        }
    }

    /// Everybody comes back once more, over a network that does not fail.
    private func catchUp(with tops: [String: UInt64], through proxy: FaultProxy) async {
        proxy.stopFaults()
        for follower in bare { follower.finish(at: tops) }
        proxy.cutAll(.reset)
        for reader in all {
            for (channel, top) in tops { _ = await reader.hasReached(top, in: channel, within: .seconds(60)) }
        }
    }

    /// Everybody must have heard what the log says, in its order, each event once.
    func expectFlawless(_ logs: [String: [SequenceEntry]]) {
        for reader in all {
            for channel in reader.channels {
                let log = logs[channel] ?? []
                let verdict = SequenceVerdict(heard: reader.entries(of: channel), log: log)
                #expect(verdict.isFlawless, "\(type(of: reader)) of \(channel), seed \(TortureSize.seed): \(verdict)")
            }
        }
        for follower in live { #expect(follower.isFlawless, "\(follower.subscription.channel): \(follower.subscription.counts)") }
        for follower in bare {
            #expect(follower.counts.notRecovered == 0, "\(follower.counts)")
            #expect(follower.counts.violations == [])
            #expect(
                follower.counts.closes.keys.allSatisfy { !ClosedConnection(code: $0, reason: "").isTerminal }, "\(follower.counts.closes)")
        }
    }
}

extension LiveConnection {
    /// Where channels stand.
    func tops(of channels: [String]) async throws -> [String: UInt64] {
        var tops: [String: UInt64] = [:]
        for channel in channels {
            tops[channel] = try await subscribe(channel).position?.offset
            try await unsubscribe(channel)
        }
        return tops
    }

    /// Everything that the log keeps of channels.
    func logs(of channels: [String]) async throws -> [String: [SequenceEntry]] {
        var logs: [String: [SequenceEntry]] = [:]
        for channel in channels {
            _ = try await subscribe(channel)
            logs[channel] = try await log(of: channel).map { try SequenceEntry($0) }
            try await unsubscribe(channel)
        }
        return logs
    }
}
