import Wire

/// Who is where on the other nodes. What a node says of itself expires, so nobody stays who was on a node that died.
///
/// It knows nothing while what it is kept in is out of reach: then each node shows and bounds its own.
public protocol ClusterRoster: Sendable {
    /// Begins to tell the others. Called once, before anything else.
    func start(_ source: any RosterSource)

    /// Somebody is in a channel of this node. Callable from any thread, as are all of these; they return at once.
    func appeared(_ info: ClientInfo, in channel: String)
    func disappeared(client: String, from channel: String)

    /// A person has one connection more or less on this node.
    func connections(of user: String, changedBy difference: Int)

    /// Who is in a channel of other nodes, by the connections' names.
    func presence(of channel: String) async -> [String: ClientInfo]

    /// Connections of a person on other nodes, as far as they have told.
    func connections(of user: String) async -> Int
}

/// What a node tells of itself now and then, in case the others have forgotten or misheard it. Asked on any thread.
public protocol RosterSource: Sendable {
    /// Channels of this node that show who is there.
    var presentChannels: [String] { get }
    /// By the connections' names.
    func presentClients(of channel: String) -> [String: ClientInfo]
    var connectionsByUser: [String: Int] { get }
}
