/// The connections of one event loop, all of them and by their users.
struct ConnectionIndex {
    private var connections: [ObjectIdentifier: any HubConnection] = [:]
    /// Without the anonymous ones, which may be very many under one name. A service may have thousands, which come and go at once: none of
    /// them looks through the others.
    private var byUser: [String: [ObjectIdentifier: any HubConnection]] = [:]

    var count: Int { connections.count }

    var all: [any HubConnection] { Array(connections.values) }

    var signedIn: [any HubConnection] { connections.values.filter { $0.principal != nil } }

    func connections(of user: String) -> [any HubConnection] {
        user.isEmpty ? signedIn.filter { $0.principal?.user.isEmpty == true } : Array(byUser[user, default: [:]].values)
    }

    mutating func insert(_ connection: any HubConnection) { connections[ObjectIdentifier(connection)] = connection }

    mutating func signIn(_ connection: any HubConnection, as user: String) {
        if !user.isEmpty { byUser[user, default: [:]][ObjectIdentifier(connection)] = connection }
    }

    /// - Returns: false when it was not there any more.
    mutating func remove(_ connection: any HubConnection, user: String?) -> Bool {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return false }
        if let user, let index = byUser.index(forKey: user) {
            byUser.values[index][ObjectIdentifier(connection)] = nil
            if byUser.values[index].isEmpty { byUser.remove(at: index) }
        }
        return true
    }
}
