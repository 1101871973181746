import Realtime

extension ConfigurationReader {
    /// The bounds and rhythms of everything live that operators change; the rest keeps its defaults.
    ///
    /// - Throws: ``ConfigurationError``.
    func hubSettings() throws -> HubSettings {
        var settings = HubSettings()
        settings.connectionsMax = try integer("connections-max", nil, in: 1...1_000_000, or: settings.connectionsMax)
        settings.connectionsPerUserMax = try integer("connections-per-user-max", nil, in: 1...1_000_000, or: settings.connectionsPerUserMax)
        settings.channelsMax = try integer("channels-max", nil, in: 1...100_000, or: settings.channelsMax)
        settings.commandsPerSecond = try integer("commands-per-second", nil, in: 1...1_000_000, or: settings.commandsPerSecond)
        settings.commandsBurst = try integer("commands-burst", nil, in: 1...1_000_000, or: settings.commandsBurst)
        settings.pingSeconds = try integer("ping-seconds", nil, in: 1...3_600, or: settings.pingSeconds)
        // Two pings under way would be answered by two pongs, and nobody could tell which one is late.
        settings.pongSeconds = try integer(
            "pong-seconds", nil, in: 1...settings.pingSeconds, or: min(settings.pongSeconds, settings.pingSeconds)
        )
        settings.connectSeconds = try integer("connect-seconds", nil, in: 1...3_600, or: settings.connectSeconds)
        settings.expirySeconds = try integer("expiry-seconds", nil, in: 0...3_600, or: settings.expirySeconds)
        return settings
    }
}
