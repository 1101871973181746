import Wire

extension Hub {
    /// Who is in a channel, by the connections' names: here, and on other nodes as far as they have told.
    public func presence(_ channel: String) async -> [String: ClientInfo] {
        let own = registry.clients(of: channel)
        guard let roster = services.roster else { return own }
        return await roster.presence(of: channel).merging(own) { $1 }
    }

    /// The same, counted.
    public func presenceStats(_ channel: String) async -> PresenceStatsResult {
        guard services.roster != nil else { return registry.counts(of: channel) }
        return PresenceStatsResult(counting: await presence(channel))
    }
}

extension Hub: RosterSource {
    public var presentChannels: [String] { registry.channelNames }

    public func presentClients(of channel: String) -> [String: ClientInfo] { registry.clients(of: channel) }

    public var connectionsByUser: [String: Int] { ledger.connectionsByUser }
}
