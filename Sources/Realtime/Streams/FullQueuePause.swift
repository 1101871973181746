import NIOCore

/// How long until a connection's queue that was too full is looked at again: twice as long each time in vain. Who reads is soon served;
/// thousands who do not would else keep their event loop busy with nothing but looking. Takes a byte: each connection has one.
struct FullQueuePause {
    private var doublings: UInt8 = 0

    private static let shortest = TimeAmount.milliseconds(50)
    private static let doublingsMax: UInt8 = 4

    mutating func next() -> TimeAmount {
        defer { doublings = min(doublings + 1, Self.doublingsMax) }
        return Self.shortest * (1 << Int64(doublings))
    }

    /// There was room.
    mutating func reset() { doublings = 0 }
}
