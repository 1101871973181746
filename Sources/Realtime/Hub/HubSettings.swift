import Wire

/// The bounds and rhythms of everything live. All have defaults that suit the open internet.
public struct HubSettings: Sendable {
    /// Connections in this process; more are refused at the upgrade (503).
    public var connectionsMax = 50_000
    /// Connections of one person in this process; one more is closed with ``Disconnect/connectionLimit``.
    public var connectionsPerUserMax = 100
    /// Connections from one address in this process; one more is closed with ``Disconnect/connectionLimit``. As many as there can be unless
    /// configured: behind a proxy or a company's door a great many people share an address.
    public var connectionsPerAddressMax = 50_000
    /// Channels of one connection, those the server chose included. One more is refused (``ProtocolError/limitExceeded``), or closes the
    /// connection (``Disconnect/channelLimit``) where it is the server's choice.
    public var channelsMax = 128
    /// Commands that wait while the connect command or an earlier one for the same channel runs; one more closes the connection.
    public var waitingCommandsMax = 256
    /// Commands a second that a connection may send in the long run.
    public var commandsPerSecond = 100
    /// Commands at once, after a pause: a client that comes back subscribes to everything in one frame.
    public var commandsBurst = 200
    /// Commands a second of all connections of one user together; beyond it the connection closes with ``Disconnect/tooManyRequests``.
    public var userCommandsPerSecond = 500
    public var userCommandsBurst = 2_000
    /// Subscriptions a second that a connection may begin in the long run; one more is ``ProtocolError/tooManyRequests``.
    public var subscriptionsPerSecond = 20
    public var subscriptionsBurst = 256
    /// Calls and messages that a connection may have under way; one more is ``ProtocolError/tooManyRequests``, or closes the connection
    /// where there is no answer.
    public var callsInFlightMax = 16
    /// Connections shown in one channel. Whoever comes when it is full gets everything, is not shown, and nobody hears of it.
    public var presenceSizeMax = 1_000
    /// How long somebody whose connection was lost is still shown in a channel. Who comes back within that time has never left, as far as
    /// others can tell. Zero to tell at once.
    public var leaveHoldSeconds = 15
    /// Leaves that one event loop holds back; beyond it they are told at once.
    public var heldLeavesMax = 100_000
    /// A channel where nothing happens is compared with its log at least that often, and at most twice as often: one small read for all that
    /// are due in the same second. Zero for never.
    public var positionCheckSeconds = 40
    /// Reads of a log that a connection may have under way.
    public var historyReadsMax = 4
    /// Entries of a log in one answer.
    public var historyEventsMax = 300
    /// Events that a client may have missed in a channel and still resume; who missed more loads a fresh snapshot instead. As many as a log
    /// keeps.
    public var recoveryEventsMax = 10_000
    /// The largest message of a client, in bytes; a longer one closes the connection.
    public var messageBytesMax = 65_536
    /// Bytes that may wait for one connection, whatever carries it. More close it with ``Disconnect/slow``.
    public var queueBytesMax = 1_048_576
    /// How long the client of a streamed answer (SSE, HTTP stream) may take nothing of what waits for it (protocol A.9). It is looked at once a
    /// second.
    public var streamWriteSeconds = 1
    /// Messages in one frame to a client.
    public var messagesPerFrameMax = 16

    /// Seconds between pings; the first comes somewhere in the second half of the first interval, so that a storm of reconnects does not
    /// become a storm of pings.
    public var pingSeconds = 25
    /// How long a client may take to answer a ping.
    public var pongSeconds = 8
    /// How long a client may take to send its connect command.
    public var connectSeconds = 10
    /// How long a connection or a subscription may outlive its token: a client that wakes from sleep needs a moment to refresh.
    public var expirySeconds = 25
    /// How long a channel's recent events are kept when nobody watches any more: those who were cut off come back within seconds.
    public var lingerSeconds = 30
    /// Channels kept like that on one event loop; beyond it a channel is forgotten at once.
    public var lingeringChannelsMax = 10_000

    /// Bytes of events that wait for one event loop. Beyond it only the fact that a channel moved is kept, and the loop reads the log.
    public var inboxBytesMax = 67_108_864
    /// Channels of which only that fact is kept; beyond it the loop checks every channel it watches.
    public var movedChannelsMax = 100_000
    /// Connections that a stopping server sends away each second, so that a few of them do not keep it for long.
    public var drainedPerSecondMax = 500
    /// Writes in one turn of an event loop, about 3 microseconds each; the rest of a large audience is served in the next one, so that
    /// others are heard too.
    public var deliveriesPerTurnMax = 1_000
    /// How long they may take: a write costs many times what it usually does where it is the end of a connection whose peer does not read.
    public var turnMicrosecondsMax = 4_000
    /// How long a busy event loop waits for more events before it delivers, so that they leave in one write. A quiet one never waits. Zero
    /// for never: what comes while a turn is served leaves together anyway, and waiting pays only where connections get hundreds of events a
    /// second on many small channels.
    public var coalescingMicrosecondsMax = 0
    /// Namespaces whose events never wait for others, not even then.
    public var promptNamespaces: Set<String> = []

    /// What the connect result tells of the server.
    public var version = "ringside 0.1.0"
    /// Names this process among others; a random name unless one is given.
    public var node = ConnectionName.client()
    /// A random number in the range; handed in so that tests can repeat a run.
    public var random: @Sendable (Range<Int>) -> Int = { Int.random(in: $0) }

    /// The largest publication that anybody may make, in bytes. Every connection's queue holds one, also where it is written as a text in
    /// JSON, for deltas: each quote and backslash is then two bytes.
    public var publicationBytesMax: Int { (queueBytesMax - Self.frameOverheadBytes) / 2 }

    /// What stands around a payload: the channel's name, who published, tags.
    private static let frameOverheadBytes = 16_384

    /// A frame to a client with so many bytes takes no further message: a queue holds several long ones, but not as one.
    static let frameBytes = 65_536

    /// Bytes of entries in an answer of `history`; what is left out the client asks for from where the answer ends. Well below the queue, or
    /// the answer would close the connection as too slow, for ever.
    var historyBytesMax: Int { queueBytesMax / 2 }

    /// Bytes of an answer to `rpc` or `presence`; a longer one is ``ProtocolError/limitExceeded``, and the client asks for less at a time.
    public var replyBytesMax: Int { queueBytesMax / 2 }

    /// What a client has missed is told with the answer up to so many bytes. More follows as pushes, as fast as the client takes them.
    var recoveryAnswerBytesMax: Int { queueBytesMax / 2 }

    /// The same in events: all of an answer is written in one turn of the event loop.
    var recoveryAnswerEventsMax: Int { 300 }

    /// Bytes that may wait for a client when it is told more of what it missed.
    var recoveryQueueBytesMax: Int { queueBytesMax / 4 }

    var streams: StreamLimits {
        var limits = StreamLimits()
        limits.recoveryEventsMax = recoveryEventsMax
        // Who was cut off as too slow lacks a whole queue, what the system had taken for it, and what was published while it was away.
        limits.recoveryBytesMax = 4 * queueBytesMax
        return limits
    }

    var commandRate: CommandBudget.Rate { CommandBudget.Rate(perSecond: commandsPerSecond, burst: commandsBurst) }
    var userCommandRate: CommandBudget.Rate { CommandBudget.Rate(perSecond: userCommandsPerSecond, burst: userCommandsBurst) }
    var subscriptionRate: CommandBudget.Rate { CommandBudget.Rate(perSecond: subscriptionsPerSecond, burst: subscriptionsBurst) }

    public init() {}
}
