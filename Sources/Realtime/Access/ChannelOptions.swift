/// What subscribers of a channel may count on. The namespace decides, not the client: what it asks for is answered with what holds.
struct ChannelOptions: Hashable, Sendable {
    /// The client gets what it missed when it comes back.
    var isRecoverable: Bool
    /// The server notices gaps.
    var isPositioned: Bool
    /// Subscribers may read the log.
    var hasHistory: Bool

    /// A channel whose events are written to the log.
    static let log = ChannelOptions(isRecoverable: true, isPositioned: true, hasHistory: true)

    /// The options of a channel that the policy has admitted somebody to: today all of them are log channels.
    static func named(_ channel: String) -> ChannelOptions { .log }
}
