/// The connections of one event loop, all of them and by their users.
struct ConnectionIndex {
    private var connections: [ObjectIdentifier: any HubConnection] = [:]
    /// Without the anonymous ones, which may be very many under one name.
    private var byUser: [String: [any HubConnection]] = [:]

    var count: Int { connections.count }

    var all: [any HubConnection] { Array(connections.values) }

    var signedIn: [any HubConnection] { connections.values.filter { $0.principal != nil } }

    func connections(of user: String) -> [any HubConnection] {
        user.isEmpty ? signedIn.filter { $0.principal?.user.isEmpty == true } : byUser[user] ?? []
    }

    mutating func insert(_ connection: any HubConnection) { connections[ObjectIdentifier(connection)] = connection }

    mutating func signIn(_ connection: any HubConnection, as user: String) {
        if !user.isEmpty { byUser[user, default: []].append(connection) }
    }

    /// - Returns: false when it was not there any more.
    mutating func remove(_ connection: any HubConnection, user: String?) -> Bool {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return false }
        if let user, var others = byUser.removeValue(forKey: user) {
            others.removeAll { $0 === connection }
            if !others.isEmpty { byUser[user] = others }
        }
        return true
    }
}
