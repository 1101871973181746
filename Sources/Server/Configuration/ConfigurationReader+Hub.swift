import Foundation
import Realtime

extension ConfigurationReader {
    /// The bounds and rhythms of everything live that operators change; the rest keeps its defaults.
    ///
    /// - Throws: ``ConfigurationError``.
    func hubSettings() throws -> HubSettings {
        var settings = HubSettings()
        settings.connectionsMax = try integer("connections-max", nil, in: 1...1_000_000, or: settings.connectionsMax)
        settings.connectionsPerUserMax = try integer("connections-per-user-max", nil, in: 1...1_000_000, or: settings.connectionsPerUserMax)
        settings.connectionsPerAddressMax = try integer(
            "connections-per-address-max", nil, in: 1...10_000_000, or: settings.connectionsPerAddressMax)
        settings.channelsMax = try integer("channels-max", nil, in: 1...100_000, or: settings.channelsMax)
        try readRates(&settings)
        settings.presenceSizeMax = try integer("presence-size-max", nil, in: 1...100_000, or: settings.presenceSizeMax)
        settings.historyEventsMax = try integer("history-events-max", nil, in: 1...10_000, or: settings.historyEventsMax)
        settings.pingSeconds = try integer("ping-seconds", nil, in: 2...3_600, or: settings.pingSeconds)
        settings.pongSeconds = try integer("pong-seconds", nil, in: 1...3_600, or: min(settings.pongSeconds, settings.pingSeconds - 1))
        settings.connectSeconds = try integer("connect-seconds", nil, in: 1...3_600, or: settings.connectSeconds)
        settings.expirySeconds = try integer("expiry-seconds", nil, in: 0...3_600, or: settings.expirySeconds)
        settings.recoveryEventsMax = try integer("recovery-events-max", nil, in: 1...100_000, or: settings.recoveryEventsMax)
        settings.messageBytesMax = try integer("message-bytes-max", nil, in: 1_024...16_777_216, or: settings.messageBytesMax)
        settings.queueBytesMax = try integer("queue-bytes-max", nil, in: 65_536...268_435_456, or: settings.queueBytesMax)
        settings.streamWriteSeconds = try integer("stream-write-seconds", nil, in: 1...60, or: settings.streamWriteSeconds)
        settings.coalescingMicrosecondsMax = try integer(
            "coalescing-microseconds-max", nil, in: 0...10_000, or: settings.coalescingMicrosecondsMax)
        let prompt = try text("prompt-namespaces", nil, or: "").split(separator: ",")
        settings.promptNamespaces = Set(prompt.map { $0.trimmingCharacters(in: .whitespaces) })
        switch settings.contradiction {
        case .pongNotBeforePing: throw ConfigurationError(key: "RINGSIDE_PONG_SECONDS", expected: "less than RINGSIDE_PING_SECONDS")
        case .messageBeyondQueue:
            throw ConfigurationError(
                key: "RINGSIDE_QUEUE_BYTES_MAX",
                expected: "more than twice RINGSIDE_MESSAGE_BYTES_MAX, with 16384 for what stands around it"
            )
        case nil: return settings
        }
    }

    /// A burst that is not given is at least a second's worth.
    private func readRates(_ settings: inout HubSettings) throws {
        func rate(_ name: String, _ perSecond: WritableKeyPath<HubSettings, Int>, _ burst: WritableKeyPath<HubSettings, Int>) throws {
            let range = 1...1_000_000
            settings[keyPath: perSecond] = try integer("\(name)-per-second", nil, in: range, or: settings[keyPath: perSecond])
            settings[keyPath: burst] = try integer(
                "\(name)-burst", nil, in: range, or: max(settings[keyPath: burst], settings[keyPath: perSecond]))
        }
        try rate("commands", \.commandsPerSecond, \.commandsBurst)
        try rate("user-commands", \.userCommandsPerSecond, \.userCommandsBurst)
        try rate("subscriptions", \.subscriptionsPerSecond, \.subscriptionsBurst)
    }
}
