/// A place in a channel's log. A snapshot that carries one holds everything up to and including `offset`;
/// subscribing with `recover` from it delivers the rest without a gap.
public struct StreamPosition: Codable, Hashable, Sendable {
    /// Which life of the log the offset belongs to; it changes only when offsets could be reused (restore).
    public let epoch: String
    /// Zero for a channel that was never written.
    public let offset: UInt64

    public init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}

/// The position of a named channel, as REST snapshots return it under `stream`.
public struct Stream: Codable, Hashable, Sendable {
    public let channel: String
    public let epoch: String
    public let offset: UInt64

    public init(channel: String, position: StreamPosition) {
        self.channel = channel
        epoch = position.epoch
        offset = position.offset
    }

    public var position: StreamPosition { StreamPosition(epoch: epoch, offset: offset) }
}
