import Wire

/// Carries news between the nodes of a cluster, faster than the log does.
///
/// It may lose, double and disorder anything: what lasts is in the log, which every node follows (``LogFollower``), and ``ChannelStream``
/// makes one sequence of both. What does not last (typing, joins, leaves) is lost with it.
public protocol ClusterBus: Sendable {
    /// Begins to listen. Called once, before anything else.
    func start(_ receiver: any BusReceiver)

    /// Tells every other node. Callable from any thread; returns at once, and drops what there is no room for.
    func tell(_ news: [BusNews])

    /// Hands commands to the session of that secret on the node of that name.
    ///
    /// - Returns: false when the node is not there any more; where the node is there but the session is not, its stream has ended, and the
    ///   client knows by that.
    func pass(_ commands: [UInt8], to session: String, on node: String) async -> Bool

    /// Where commands go that another node passes to a session of this one. Whoever holds such sessions says so, once.
    func receiveCommands(_ deliver: @escaping @Sendable (_ commands: [UInt8], _ session: String) -> Void)

    var figures: BusFigures { get }
}

/// Takes over what the bus brings.
public protocol BusReceiver: Sendable {
    /// In the order in which one node has told them; on a thread of the bus. Must return at once.
    func received(_ news: [BusNews])

    /// Listening has begun, perhaps anew: anything may have been missed before this.
    func beganListening()
}

/// What the bus has counted since the start.
public struct BusFigures: Hashable, Sendable {
    /// Whether the others hear this node, and it hears them.
    public internal(set) var isConnected = false
    /// News that were sent.
    public internal(set) var published = 0
    /// News that came from other nodes.
    public internal(set) var received = 0
    /// News that were not sent, for want of a connection or of room.
    public internal(set) var dropped = 0
    /// Messages that could not be read.
    public internal(set) var malformed = 0
    /// Connections that were made after the first ones.
    public internal(set) var reconnects = 0

    public init() {}
}
