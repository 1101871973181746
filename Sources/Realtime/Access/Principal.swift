import Core
import Wire

/// Who is behind a connection, as the hub knows it. Made by a ``SessionAccess``.
public struct Principal: Sendable {
    /// The user's id as text (`42`); empty for somebody anonymous, whom only the engine alone admits.
    public let user: String
    /// What others see of the person in presence and join messages.
    public let info: RawJSON?
    /// When the connection must be renewed; nil for never.
    public let expiresAt: Instant?
    /// The account, where Ringside's own accounts signed in: what revocations are compared with.
    public let caller: SignedInCaller?
    /// What the server subscribes the connection to at once. Only looked at while the connection begins.
    public internal(set) var channels: [String: ChannelGrant]
    /// For ``ConnectResult/data``. Only looked at while the connection begins.
    public internal(set) var data: RawJSON?

    public init(
        user: String, info: RawJSON? = nil, expiresAt: Instant? = nil, caller: SignedInCaller? = nil,
        channels: [String: ChannelGrant] = [:], data: RawJSON? = nil
    ) {
        self.user = user
        self.info = info
        self.expiresAt = expiresAt
        self.caller = caller
        self.channels = channels
        self.data = data
    }

    /// What is kept of it for as long as the connection lives.
    var settled: Principal { Principal(user: user, info: info, expiresAt: expiresAt, caller: caller) }
}
