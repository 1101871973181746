import Core
import Synchronization
import Wire

/// A log in memory that several hubs may share: what is appended is committed.
final class MemoryLog: EventLog, LogTail {
    struct Unavailable: Error {}

    private struct State {
        var epoch = "e1"
        var tops: [String: UInt64] = [:]
        var entries: [String: [LogEntry]] = [:]
        var isBroken = false
        var reads = 0
        /// Counts all commits.
        var commits: UInt64 = 0
        /// The commit that moved each channel last.
        var movedBy: [String: UInt64] = [:]
        var looks = 0
        var afterNextRead: (@Sendable () -> Void)?
        var beforeFailure: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())

    func append(_ data: String, to channel: String, tags: [String: String] = [:]) -> CommittedEvent {
        state.withLock { state in
            let offset = state.tops[channel, default: 0] + 1
            state.tops[channel] = offset
            state.commits += 1
            state.movedBy[channel] = state.commits
            state.entries[channel, default: []].append(LogEntry(offset: offset, data: RawJSON(data), tags: tags))
            let position = StreamPosition(epoch: state.epoch, offset: offset)
            return CommittedEvent(channel: channel, position: position, data: RawJSON(data), tags: tags)
        }
    }

    func prune(_ channel: String, upTo offset: UInt64) {
        state.withLock { $0.entries[channel]?.removeAll { $0.offset <= offset } }
    }

    func setBroken(_ isBroken: Bool) {
        state.withLock { $0.isBroken = isBroken }
    }

    /// Starts another life of the log, as a restore does.
    func restore(epoch: String) {
        state.withLock {
            $0.epoch = epoch
            $0.tops = [:]
            $0.entries = [:]
        }
    }

    /// Does something right behind the next read, before whoever reads gets to know what it read.
    func afterNextRead(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.afterNextRead = body }
    }

    /// The next read fails, once this has been done.
    func failNextRead(after body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.beforeFailure = body }
    }

    var reads: Int { state.withLock { $0.reads } }
    var looks: Int { state.withLock { $0.looks } }

    func moves(since mark: LogMark?, limit: Int) async throws -> LogMoves {
        try state.withLock { state in
            state.looks += 1
            guard !state.isBroken else { throw Unavailable() }
            let now = LogMark(value: state.commits)
            guard let mark else { return LogMoves(mark: now, tops: []) }
            let moved = state.movedBy.filter { $0.value > mark.value }.keys
            guard moved.count <= limit else { return LogMoves(mark: now, tops: nil) }
            let epoch = state.epoch
            return LogMoves(
                mark: now,
                tops: moved.map { ChannelMove(channel: $0, top: StreamPosition(epoch: epoch, offset: state.tops[$0] ?? 0)) }
            )
        }
    }

    func tops(of channels: [String]) async throws -> [StreamPosition] {
        try state.withLock { state in
            state.reads += 1
            guard !state.isBroken else { throw Unavailable() }
            return channels.map { StreamPosition(epoch: state.epoch, offset: state.tops[$0] ?? 0) }
        }
    }

    func read(channel: String, after: UInt64?, limit: Int, reverse: Bool) async throws -> LogPage {
        let beforeFailure = state.withLock { state in
            defer { state.beforeFailure = nil }
            return state.beforeFailure
        }
        if let beforeFailure {
            await beforeFailure()
            throw Unavailable()
        }
        let page = try page(channel, after, limit, reverse)
        let interruption = state.withLock { state in
            defer { state.afterNextRead = nil }
            return state.afterNextRead
        }
        interruption?()
        return page
    }

    private func page(_ channel: String, _ after: UInt64?, _ limit: Int, _ reverse: Bool) throws -> LogPage {
        try state.withLock { state in
            state.reads += 1
            guard !state.isBroken else { throw Unavailable() }
            var entries = state.entries[channel] ?? []
            if let after { entries = entries.filter { reverse ? $0.offset < after : $0.offset > after } }
            if reverse { entries.reverse() }
            let top = StreamPosition(epoch: state.epoch, offset: state.tops[channel] ?? 0)
            return LogPage(top: top, entries: Array(entries.prefix(limit)))
        }
    }
}
