import Wire

/// What a subscribe command came to.
public struct Subscription: Hashable, Sendable {
    public let channel: String
    /// Everything since the position that was asked for is in ``missed`` or will be pushed.
    public let recovered: Bool
    /// A position was asked for, whatever came of it.
    public let wasRecovering: Bool
    /// The position asked for when recovered, otherwise the channel's top; nil in a channel without a log.
    public let position: StreamPosition?
    /// What happened since that position, oldest first.
    public let missed: [Publication]

    init(channel: String, _ result: SubscribeResult) {
        self.channel = channel
        recovered = result.recovered
        wasRecovering = result.wasRecovering
        position = result.epoch.isEmpty ? nil : StreamPosition(epoch: result.epoch, offset: result.offset)
        missed = result.publications
    }
}
