import Core
import Wire

/// The histories of all channels. Pure: the time is handed in.
///
/// All channels share one epoch. A channel that was forgotten and comes back must not give out an offset a second time, so it begins above
/// every offset that any forgotten channel can have had: at ``floor``, which moves in steps and so hardly ever: about once for as many channels
/// as are kept. A position from before can then not be mistaken for one of now.
struct ChannelHistories {
    private struct History {
        var top: UInt64
        var entries = KeptEntries()
        var retention: Retention
        var writtenAt: Instant
        var usedAt: Instant
        var version: UInt64 = 0
        var versionEpoch = ""
    }

    /// What came of an append.
    enum Appended {
        case written(StreamPosition)
        /// Nothing has changed: a repeat, or out of date.
        case unchanged(StreamPosition)
    }

    let epoch: String
    private let limits: MemoryLogLimits
    private var histories: [String: History] = [:]
    private var bytes = 0
    /// Where a channel that is not known begins.
    private(set) var floor: UInt64 = 0
    private var recency = TouchOrder()
    /// Channels that keep entries, by how long they keep them: in each of these orders the first to expire comes first.
    private var expiries: [Int64: TouchOrder] = [:]
    private var repeats: RepeatedAppends

    /// Far more than it takes in 2^53 offsets, which is as far as JavaScript counts, to run out by forgetting.
    private static let floorStep: UInt64 = 65_536

    /// What one append clears away of what has expired: enough that it never piles up, little enough that nobody waits.
    private static let expiredPerAppendMax = 8

    init(epoch: String, limits: MemoryLogLimits) {
        self.epoch = epoch
        self.limits = limits
        repeats = RepeatedAppends(seconds: limits.idempotencySeconds, keysMax: limits.idempotencyKeysMax)
    }

    var channelCount: Int { histories.count }
    var bytesKept: Int { bytes }

    mutating func append(
        _ publication: Publication, to channel: String, _ retention: Retention, _ options: AppendOptions, at now: Instant
    ) -> Appended {
        clearExpired(at: now)
        if let key = options.idempotencyKey, let position = repeats.position(key, in: channel, at: now) { return .unchanged(position) }
        var history = histories.removeValue(forKey: channel) ?? History(top: floor, retention: retention, writtenAt: now, usedAt: now)
        let isOutdated = options.version > 0 && options.versionEpoch == history.versionEpoch && options.version <= history.version
        if !isOutdated { write(publication, to: &history, channel, retention, options, at: now) }
        let position = StreamPosition(epoch: epoch, offset: history.top)
        history.usedAt = now
        histories[channel] = history
        recency.touch(channel)
        if let key = options.idempotencyKey { repeats.note(key, in: channel, position, at: now) }
        forgetSurplus(but: channel)
        return isOutdated ? .unchanged(position) : .written(position)
    }

    mutating func read(channel: String, after: UInt64?, limit: Int, reverse: Bool, at now: Instant) -> LogPage {
        guard let history = histories[channel] else { return LogPage(top: StreamPosition(epoch: epoch, offset: floor), entries: []) }
        histories[channel]?.usedAt = now
        recency.touch(channel)
        let top = StreamPosition(epoch: epoch, offset: history.top)
        guard limit > 0, !hasExpired(history, at: now) else { return LogPage(top: top, entries: []) }
        let entries = reverse ? history.entries.backward(before: after, limit: limit) : history.entries.forward(after: after, limit: limit)
        return LogPage(top: top, entries: entries)
    }

    mutating func remove(channel: String) -> StreamPosition {
        empty(channel)
        return StreamPosition(epoch: epoch, offset: histories[channel]?.top ?? floor)
    }

    // MARK: Writing

    private mutating func write(
        _ publication: Publication, to history: inout History, _ channel: String, _ retention: Retention, _ options: AppendOptions,
        at now: Instant
    ) {
        let bytesBefore = history.entries.bytes
        if hasExpired(history, at: now) { history.entries.removeAll() }
        if history.retention.seconds != retention.seconds { expiries[history.retention.seconds]?.remove(channel) }
        history.retention = retention
        history.writtenAt = now
        history.top += 1
        if options.version > 0 {
            history.version = options.version
            history.versionEpoch = options.versionEpoch
        }
        history.entries.append(
            LogEntry(offset: history.top, data: publication.data, tags: publication.tags, info: publication.info)
        )
        while history.entries.count > retention.entriesMax || history.entries.bytes > limits.bytesMax { history.entries.dropOldest() }
        bytes += history.entries.bytes - bytesBefore
        expiries[retention.seconds, default: TouchOrder()].touch(channel)
    }

    // MARK: Forgetting

    private func hasExpired(_ history: History, at now: Instant) -> Bool {
        now >= history.writtenAt.advanced(bySeconds: history.retention.seconds)
    }

    private mutating func clearExpired(at now: Instant) {
        var budget = Self.expiredPerAppendMax
        for seconds in Array(expiries.keys) {
            while budget > 0, let channel = expiries[seconds]?.oldest(), let history = histories[channel], hasExpired(history, at: now) {
                empty(channel)
                budget -= 1
            }
            if expiries[seconds]?.count == 0 { expiries[seconds] = nil }
        }
        while budget > 0, let channel = recency.oldest(), let history = histories[channel],
            now >= history.usedAt.advanced(bySeconds: limits.forgetSeconds)
        {
            forget(channel)
            budget -= 1
        }
    }

    private mutating func empty(_ channel: String) {
        guard let history = histories[channel] else { return }
        bytes -= history.entries.bytes
        histories[channel]?.entries.removeAll()
        expiries[history.retention.seconds]?.remove(channel)
    }

    private mutating func forgetSurplus(but current: String) {
        while histories.count > limits.channelsMax || bytes > limits.bytesMax, let channel = recency.oldest(), channel != current {
            forget(channel)
        }
    }

    private mutating func forget(_ channel: String) {
        empty(channel)
        recency.remove(channel)
        guard let top = histories.removeValue(forKey: channel)?.top, top > floor else { return }
        floor = (top / Self.floorStep + 1) * Self.floorStep
    }
}
