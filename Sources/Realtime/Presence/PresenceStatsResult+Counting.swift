import Wire

extension PresenceStatsResult {
    /// Counts different people; each anonymous connection is one.
    init(counting clients: [String: ClientInfo]) {
        let anonymous = clients.values.count { $0.user.isEmpty }
        let users = Set(clients.values.lazy.map(\.user).filter { !$0.isEmpty }).count + anonymous
        self.init(clientCount: UInt32(clamping: clients.count), userCount: UInt32(clamping: users))
    }
}
