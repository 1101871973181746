/// The bounds of the hub that somebody can hit. Each is counted, see ``HubFigures/limitsHit``; the raw values are the metric's labels.
public enum HubLimit: String, CaseIterable, Sendable {
    /// ``HubSettings/connectionsPerUserMax``.
    case connectionsPerUser = "connections_per_user"
    /// ``HubSettings/connectionsPerAddressMax``.
    case connectionsPerAddress = "connections_per_address"
    /// ``HubSettings/channelsMax``.
    case channels
    /// ``HubSettings/waitingCommandsMax``.
    case waitingCommands = "waiting_commands"
    /// ``HubSettings/commandsPerSecond``.
    case commands
    /// ``HubSettings/userCommandsPerSecond``.
    case userCommands = "user_commands"
    /// ``HubSettings/subscriptionsPerSecond``.
    case subscriptions
    /// ``HubSettings/callsInFlightMax``.
    case callsInFlight = "calls_in_flight"
    /// ``HubSettings/presenceSizeMax``.
    case presenceSize = "presence_size"
    /// ``HubSettings/replyBytesMax``.
    case replyBytes = "reply_bytes"
    /// ``HubSettings/historyReadsMax``.
    case historyReads = "history_reads"
    /// ``HubSettings/historyEventsMax`` and ``HubSettings/historyBytesMax``: a client got less than it asked for.
    case historyPage = "history_page"
    /// ``HubSettings/lingeringChannelsMax``.
    case lingeringChannels = "lingering_channels"
    /// ``HubSettings/inboxBytesMax``, by the event.
    case inboxBytes = "inbox_bytes"
    /// ``HubSettings/movedChannelsMax``.
    case movedChannels = "moved_channels"
}
