import Core
import Synchronization
import Wire

/// The log of the engine alone: it lives in this process and ends with it, which the epoch tells every client that comes back.
public final class MemoryLog: EventLog, ChannelLog {
    private struct State {
        var histories: ChannelHistories
        var outlet: (any CommittedEvents)?
    }

    private let state: Mutex<State>
    private let time: any TimeSource
    private let retention: @Sendable (String) -> Retention

    /// - Parameters:
    ///   - epoch: names this life of the log; no two processes may share one.
    ///   - retention: what is kept of a channel; asked at each append, so it must be cheap.
    public init(
        epoch: String = MemoryLog.randomEpoch(), limits: MemoryLogLimits = MemoryLogLimits(), time: any TimeSource,
        retention: @escaping @Sendable (_ channel: String) -> Retention
    ) {
        state = Mutex(State(histories: ChannelHistories(epoch: epoch, limits: limits)))
        self.time = time
        self.retention = retention
    }

    /// Eight hexadecimal characters.
    public static func randomEpoch() -> String {
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// From now on everything appended is handed to `outlet`, in the order of the offsets. It must not call back.
    public func connect(_ outlet: any CommittedEvents) {
        state.withLock { $0.outlet = outlet }
    }

    /// Channels with a history, and about how many bytes they keep.
    public var usage: (channels: Int, bytes: Int) {
        state.withLock { ($0.histories.channelCount, $0.histories.bytesKept) }
    }

    public func append(_ publication: Publication, to channel: String, options: AppendOptions) async throws -> StreamPosition {
        let retention = retention(channel)
        return state.withLock { state in
            switch state.histories.append(publication, to: channel, retention, options, at: time.now) {
            case .unchanged(let position): return position
            case .written(let position):
                // Handed over under the lock: outside of it two appends could change places.
                state.outlet?.committed([
                    CommittedEvent(
                        channel: channel, position: position, data: publication.data, tags: publication.tags, info: publication.info
                    )
                ])
                return position
            }
        }
    }

    public func remove(channel: String) async throws -> StreamPosition {
        state.withLock { $0.histories.remove(channel: channel) }
    }

    public func tops(of channels: [String]) async throws -> [StreamPosition] {
        state.withLock { state in
            let now = time.now
            return channels.map { state.histories.read(channel: $0, after: nil, limit: 0, reverse: false, at: now).top }
        }
    }

    public func read(channel: String, after: UInt64?, limit: Int, reverse: Bool) async throws -> LogPage {
        state.withLock { $0.histories.read(channel: channel, after: after, limit: limit, reverse: reverse, at: time.now) }
    }
}
