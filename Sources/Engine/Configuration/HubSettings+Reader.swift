import Realtime

extension HubSettings {
    init(_ reader: inout SettingsReader) throws(EngineConfigurationError) {
        self.init()
        try readConnectionLimits(&reader)
        try readCommandLimits(&reader)
        try readRhythms(&reader)
        try readBytes(&reader)
        switch contradiction {
        case .pongNotBeforePing: throw EngineConfigurationError(key: "client.pong_timeout", expected: "less than client.ping_interval")
        case .messageBeyondQueue:
            throw EngineConfigurationError(
                key: "client.queue_max_size", expected: "more than twice websocket.message_size_limit, with 16384 for what stands around it"
            )
        case nil: break
        }
        coalescingMicrosecondsMax = try reader.integer("coalescing_microseconds_max", in: 0...10_000, or: coalescingMicrosecondsMax)
        promptNamespaces = Set(try reader.texts("prompt_namespaces"))
        if let name = try reader.value("node.name", ["name"], expecting: "a text", { if case .string(let text) = $0 { text } else { nil } })
        {
            node = name
        }
    }

    private mutating func readConnectionLimits(_ reader: inout SettingsReader) throws(EngineConfigurationError) {
        connectionsMax = try reader.integer(
            "client.connection_limit", ["client_connection_limit"], in: 1...10_000_000, or: connectionsMax
        )
        connectionsPerUserMax = try reader.integer(
            "client.user_connection_limit", ["client_user_connection_limit"], in: 1...10_000_000, or: connectionsPerUserMax
        )
        channelsMax = try reader.integer("client.channel_limit", ["client_channel_limit"], in: 1...1_000_000, or: channelsMax)
        presenceSizeMax = try reader.integer("client.presence_limit", in: 1...1_000_000, or: presenceSizeMax)
        historyEventsMax = try reader.integer(
            "client.history_max_publication_limit", ["client_history_max_publication_limit"], in: 1...10_000, or: historyEventsMax
        )
        recoveryEventsMax = try reader.integer(
            "client.recovery_max_publication_limit", ["client_recovery_max_publication_limit"], in: 1...100_000, or: recoveryEventsMax
        )
    }

    private mutating func readBytes(_ reader: inout SettingsReader) throws(EngineConfigurationError) {
        messageBytesMax = try reader.integer(
            "websocket.message_size_limit", ["websocket_message_size_limit"], in: 1_024...16_777_216, or: messageBytesMax
        )
        queueBytesMax = try reader.integer(
            "client.queue_max_size", ["client_queue_max_size"], in: 65_536...268_435_456, or: queueBytesMax
        )
        streamWriteSeconds = try reader.seconds("client.stream_write_timeout", in: 1...60, or: streamWriteSeconds)
    }

    /// A burst that is not given is at least a second's worth.
    private mutating func readCommandLimits(_ reader: inout SettingsReader) throws(EngineConfigurationError) {
        let range = 1...1_000_000
        commandsPerSecond = try reader.integer("client.commands_per_second", in: range, or: commandsPerSecond)
        commandsBurst = try reader.integer("client.commands_burst", in: range, or: max(commandsBurst, commandsPerSecond))
        userCommandsPerSecond = try reader.integer("client.user_commands_per_second", in: range, or: userCommandsPerSecond)
        userCommandsBurst = try reader.integer("client.user_commands_burst", in: range, or: max(userCommandsBurst, userCommandsPerSecond))
        subscriptionsPerSecond = try reader.integer("client.subscriptions_per_second", in: range, or: subscriptionsPerSecond)
        subscriptionsBurst = try reader.integer(
            "client.subscriptions_burst", in: range, or: max(subscriptionsBurst, subscriptionsPerSecond))
    }

    private mutating func readRhythms(_ reader: inout SettingsReader) throws(EngineConfigurationError) {
        pingSeconds = try reader.seconds("client.ping_interval", ["ping_interval"], in: 2...3_600, or: pingSeconds)
        pongSeconds = try reader.seconds("client.pong_timeout", ["pong_timeout"], in: 1...3_600, or: min(pongSeconds, pingSeconds - 1))
        connectSeconds = try reader.seconds(
            "client.stale_close_delay", ["client_stale_close_delay"], in: 1...3_600, or: connectSeconds
        )
        expirySeconds = try reader.seconds(
            "client.expired_close_delay", ["client_expired_close_delay"], in: 0...86_400, or: expirySeconds
        )
        positionCheckSeconds = try reader.seconds(
            "client.channel_position_check_delay", ["client_channel_position_check_delay"], in: 1...86_400, or: positionCheckSeconds
        )
        leaveHoldSeconds = try reader.seconds("client.leave_delay", in: 0...3_600, or: leaveHoldSeconds)
    }
}
