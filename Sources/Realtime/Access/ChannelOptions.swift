/// What subscribers of a channel may count on. The namespace decides, not the client: what it asks for is answered with what holds.
public struct ChannelOptions: Codable, Hashable, Sendable {
    /// Publications carry offsets and are kept; without it a publication reaches whoever listens at that moment.
    public var hasLog = false
    /// The client gets what it missed when it comes back, whether it asks for that or not. Needs ``hasLog``.
    public var isRecoverable = false
    /// The server notices gaps, whether the client asks for that or not. Needs ``hasLog``.
    public var isPositioned = false
    /// Subscribers may read the log.
    public var historyForSubscriber = false
    /// The server knows who is in the channel.
    public var presence = false
    /// Subscribers may ask who is in the channel.
    public var presenceForSubscriber = false
    /// Subscribers who ask for it are told who comes and goes.
    public var joinLeave = false
    /// Subscribers are told who comes and goes, whether they ask for that or not.
    public var forcePushJoinLeave = false
    /// Subscribers may publish.
    public var publishForSubscriber = false
    /// Whoever is connected may publish.
    public var publishForClient = false
    /// Only the latest publication counts: it is all that a new or returning subscriber gets.
    public var isCache = false
    /// A publication may be sent as its difference from the one before.
    public var allowsDelta = false

    public init() {}

    /// Events are written to the log; nobody but the server publishes.
    public static let log: Self = {
        var options = Self()
        options.hasLog = true
        options.isRecoverable = true
        options.isPositioned = true
        options.historyForSubscriber = true
        return options
    }()

    /// A log whose subscribers see each other.
    public static let chat: Self = {
        var options = Self.log
        options.presence = true
        options.presenceForSubscriber = true
        options.joinLeave = true
        return options
    }()

    /// What its subscribers tell each other, of interest at that moment only.
    public static let live: Self = {
        var options = Self()
        options.publishForSubscriber = true
        options.presence = true
        options.presenceForSubscriber = true
        options.joinLeave = true
        return options
    }()

    /// A value that changes: the latest is all that matters.
    public static let cache: Self = {
        var options = Self.log
        options.isCache = true
        return options
    }()
}
