import Wire

/// How far a reader of a channel has come. Offsets are dense, so a hole or a repetition shows at once.
public struct StreamCursor: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        /// The next one; the reader applies it, then calls ``StreamCursor/advance(to:)``.
        case next
        /// Seen before; not to be applied again.
        case duplicate
        /// So many are missing before this one.
        case gap(UInt64)
    }

    public private(set) var position: StreamPosition

    public init(_ position: StreamPosition) {
        self.position = position
    }

    /// What an offset means to a reader who stands here.
    public func step(to offset: UInt64) -> Step {
        if offset <= position.offset { return .duplicate }
        let missing = offset - position.offset - 1
        return missing == 0 ? .next : .gap(missing)
    }

    /// Moves on; everything up to and including `offset` is applied.
    public mutating func advance(to offset: UInt64) {
        position = StreamPosition(epoch: position.epoch, offset: offset)
    }
}
