import NIOCore
import NIOPosix
import Synchronization

/// How far a reader has come in each of its channels, for others to wait on.
public final class OffsetGauge: Sendable {
    private struct Waiter {
        let channel: String
        let offset: UInt64
        let promise: EventLoopPromise<Bool>
    }

    private struct State {
        var offsets: [String: UInt64] = [:]
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// The reader stands here now.
    public func moved(_ channel: String, to offset: UInt64) {
        let due = state.withLock { state -> [Waiter] in
            state.offsets[channel] = offset
            guard state.waiters.contains(where: { $0.channel == channel && $0.offset <= offset }) else { return [] }
            let due = state.waiters.filter { $0.channel == channel && $0.offset <= offset }
            state.waiters.removeAll { $0.channel == channel && $0.offset <= offset }
            return due
        }
        for waiter in due { waiter.promise.succeed(true) }
    }

    /// Waits until the reader has come this far; false when it has not within the limit.
    public func hasReached(_ offset: UInt64, in channel: String, within limit: Duration) async -> Bool {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: Bool.self)
        let isThere = state.withLock { state in
            if state.offsets[channel, default: 0] >= offset { return true }
            state.waiters.append(Waiter(channel: channel, offset: offset, promise: promise))
            return false
        }
        if isThere { promise.succeed(true) }
        let deadline = loop.scheduleTask(in: TimeAmount(limit)) { promise.succeed(false) }
        let answer = try? await promise.futureResult.get()
        deadline.cancel()
        return answer ?? false
    }
}
