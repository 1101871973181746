import Core

/// The connections of one event loop, all of them and by their users.
struct ConnectionIndex {
    private var connections: [ObjectIdentifier: any HubConnection] = [:]
    private var byUser: [UserID: [any HubConnection]] = [:]

    var all: [any HubConnection] { Array(connections.values) }

    var signedIn: [any HubConnection] { byUser.values.flatMap(\.self) }

    func connections(of user: UserID) -> [any HubConnection] { byUser[user] ?? [] }

    mutating func insert(_ connection: any HubConnection) { connections[ObjectIdentifier(connection)] = connection }

    mutating func signIn(_ connection: any HubConnection, as user: UserID) { byUser[user, default: []].append(connection) }

    /// - Returns: false when it was not there any more.
    mutating func remove(_ connection: any HubConnection, user: UserID?) -> Bool {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return false }
        if let user, var others = byUser[user] {
            others.removeAll { $0 === connection }
            byUser[user] = others.isEmpty ? nil : others
        }
        return true
    }
}
