/// What the log keeps of a channel.
public struct Retention: Hashable, Sendable {
    /// Entries beyond it push out the oldest.
    public var entriesMax: Int
    /// After so many seconds without a publication all entries go.
    public var seconds: Int64

    public init(entriesMax: Int, seconds: Int64) {
        self.entriesMax = entriesMax
        self.seconds = seconds
    }
}

/// The bounds of a log in memory as a whole.
public struct MemoryLogLimits: Sendable {
    /// Channels with a history; one more makes the log forget the one that was unused for longest.
    public var channelsMax = 1_000_000
    /// Bytes of all entries, about; beyond it channels are forgotten in the same order.
    public var bytesMax = 536_870_912
    /// A channel that is neither read nor written for so long is forgotten.
    public var forgetSeconds: Int64 = 720 * 3_600
    /// How long a repeated publication is recognised by its idempotency key.
    public var idempotencySeconds: Int64 = 300
    /// Keys that are remembered; the oldest go first.
    public var idempotencyKeysMax = 100_000

    public init() {}
}
