extension MemoryLogLimits {
    init(_ reader: inout SettingsReader) throws(EngineConfigurationError) {
        self.init()
        forgetSeconds = Int64(
            try reader.seconds(
                "channel.history_meta_ttl", ["global_history_meta_ttl"], in: 1...Namespace.historySecondsMax, or: Int(forgetSeconds)
            )
        )
        channelsMax = try reader.integer("channel.history_channels_max", in: 1...100_000_000, or: channelsMax)
        bytesMax = try reader.integer("channel.history_bytes_max", in: 1_000_000...1_000_000_000_000, or: bytesMax)
    }
}
