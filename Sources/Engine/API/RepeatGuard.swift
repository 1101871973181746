import Core
import Synchronization
import Wire

/// Recognises repeated publications in channels that keep nothing, and so can't recognise them by themselves.
final class RepeatGuard: Sendable {
    private let repeats: Mutex<RepeatedAppends>
    private let time: any TimeSource
    private static let nowhere = StreamPosition(epoch: "", offset: 0)

    init(time: any TimeSource, limits: MemoryLogLimits = MemoryLogLimits()) {
        repeats = Mutex(RepeatedAppends(seconds: limits.idempotencySeconds, keysMax: limits.idempotencyKeysMax))
        self.time = time
    }

    /// Whether a publication with this key is the first one in the channel; without a key every one is.
    func isFirst(_ key: String?, in channel: String) -> Bool {
        guard let key else { return true }
        return repeats.withLock { repeats in
            let now = time.now
            guard repeats.position(key, in: channel, at: now) == nil else { return false }
            repeats.note(key, in: channel, Self.nowhere, at: now)
            return true
        }
    }
}
