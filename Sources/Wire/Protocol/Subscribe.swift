/// Asks for a channel's publications from now on, or from where the client stopped.
public struct SubscribeRequest: Hashable, Sendable {
    /// Empty inside ``ConnectRequest/subs``, where the key names the channel.
    public var channel: String
    /// The subscription token of channels that demand one.
    public var token: String
    /// Asks for everything after (``epoch``, ``offset``).
    public var recover: Bool
    public var epoch: String
    public var offset: UInt64
    /// For the application.
    public var data: RawJSON?
    /// Asks the server to notice gaps.
    public var positioned: Bool
    /// Asks for a position to recover from later.
    public var recoverable: Bool
    /// Asks to be told who joins and leaves.
    public var joinLeave: Bool
    /// The delta format the client understands (`fossil`); empty for none.
    public var delta: String
    /// Only publications whose tags match are wanted; nil for all of them.
    public var filter: FilterNode?
    /// Bits: see ``rejectsUnrecovered``.
    public var flag: UInt64

    public init(
        channel: String = "",
        token: String = "",
        recover: Bool = false,
        epoch: String = "",
        offset: UInt64 = 0,
        data: RawJSON? = nil,
        positioned: Bool = false,
        recoverable: Bool = false,
        joinLeave: Bool = false,
        delta: String = "",
        filter: FilterNode? = nil,
        flag: UInt64 = 0
    ) {
        self.channel = channel
        self.token = token
        self.recover = recover
        self.epoch = epoch
        self.offset = offset
        self.data = data
        self.positioned = positioned
        self.recoverable = recoverable
        self.joinLeave = joinLeave
        self.delta = delta
        self.filter = filter
        self.flag = flag
    }

    /// The client wants ``ProtocolError/unrecoverablePosition`` in place of a subscription that lost something (bit 1 of the flag).
    public var rejectsUnrecovered: Bool { flag & 2 != 0 }
}

/// What holds for the subscription.
public struct SubscribeResult: Hashable, Sendable {
    /// Whether the client must refresh its subscription token before ``ttl`` has passed.
    public var expires: Bool
    /// Seconds.
    public var ttl: UInt32
    public var recoverable: Bool
    public var epoch: String
    /// What the client missed, oldest first.
    public var publications: [Publication]
    /// Nothing was lost since the position that the client named.
    public var recovered: Bool
    /// The position that was asked for when recovered, otherwise the channel's top.
    public var offset: UInt64
    public var positioned: Bool
    public var data: RawJSON?
    /// The client had asked to recover, whatever came of it.
    public var wasRecovering: Bool
    /// Publications come as deltas.
    public var delta: Bool

    public init(
        expires: Bool = false,
        ttl: UInt32 = 0,
        recoverable: Bool = false,
        epoch: String = "",
        publications: [Publication] = [],
        recovered: Bool = false,
        offset: UInt64 = 0,
        positioned: Bool = false,
        data: RawJSON? = nil,
        wasRecovering: Bool = false,
        delta: Bool = false
    ) {
        self.expires = expires
        self.ttl = ttl
        self.recoverable = recoverable
        self.epoch = epoch
        self.publications = publications
        self.recovered = recovered
        self.offset = offset
        self.positioned = positioned
        self.data = data
        self.wasRecovering = wasRecovering
        self.delta = delta
    }
}

/// A subscription that the server began while the connection lives.
public struct SubscribePush: Hashable, Sendable {
    public var recoverable: Bool
    public var epoch: String
    public var offset: UInt64
    public var positioned: Bool
    public var data: RawJSON?

    public init(recoverable: Bool = false, epoch: String = "", offset: UInt64 = 0, positioned: Bool = false, data: RawJSON? = nil) {
        self.recoverable = recoverable
        self.epoch = epoch
        self.offset = offset
        self.positioned = positioned
        self.data = data
    }
}

/// Ends a subscription.
public struct UnsubscribeRequest: Hashable, Sendable {
    public var channel: String

    public init(channel: String) {
        self.channel = channel
    }
}
