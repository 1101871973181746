import Realtime
import Wire

/// What holds for the channels of a namespace.
public struct Namespace: Hashable, Sendable {
    /// Publications that a channel keeps; zero for none, and then there is nothing to recover.
    public var historySize = 0
    /// How long a channel keeps them after the last one, in seconds.
    public var historySeconds = 0

    public var presence = false
    public var joinLeave = false
    public var forcePushJoinLeave = false
    public var forceRecovery = false
    public var forcePositioning = false
    /// A new or returning subscriber gets the latest publication only.
    public var isCache = false
    public var allowsDelta = false

    public var subscribeForClient = false
    public var subscribeForAnonymous = false
    public var publishForClient = false
    public var publishForSubscriber = false
    public var publishForAnonymous = false
    public var historyForSubscriber = false
    public var historyForAnonymous = false
    public var presenceForSubscriber = false
    public var presenceForAnonymous = false
    /// Names such as `ns:#42` or `ns:dialog#42,43` are open to the users they list.
    public var userLimitedChannels = false

    public init() {}

    /// What holds there for a user with a name.
    var options: ChannelOptions {
        var options = ChannelOptions()
        options.hasLog = historySize > 0
        options.isRecoverable = forceRecovery
        options.isPositioned = forceRecovery || forcePositioning
        options.historyForSubscriber = historyForSubscriber && options.hasLog
        options.presence = presence
        options.presenceForSubscriber = presenceForSubscriber
        options.joinLeave = joinLeave
        options.forcePushJoinLeave = forcePushJoinLeave
        options.publishForSubscriber = publishForSubscriber
        options.publishForClient = publishForClient
        options.isCache = isCache
        options.allowsDelta = allowsDelta
        return options
    }

    /// What holds there for somebody anonymous.
    var anonymousOptions: ChannelOptions {
        var options = self.options
        options.historyForSubscriber = options.historyForSubscriber && historyForAnonymous
        options.presenceForSubscriber = options.presenceForSubscriber && presenceForAnonymous
        options.publishForSubscriber = options.publishForSubscriber && publishForAnonymous
        options.publishForClient = options.publishForClient && publishForAnonymous
        return options
    }

    var retention: Retention { Retention(entriesMax: historySize, seconds: Int64(historySeconds)) }
}

extension Namespace {
    static let historySizeMax = 100_000
    static let historySecondsMax = 10 * 366 * 86_400

    /// - Parameters:
    ///   - path: where the options stand: `channel.without_namespace.`, or nothing.
    ///   - otherPath: where they may stand as well.
    init(_ reader: inout SettingsReader, path: String = "", otherPath: String? = nil) throws(EngineConfigurationError) {
        func others(_ key: String) -> [String] { otherPath.map { [$0 + key] } ?? [] }
        func bool(_ key: String) throws(EngineConfigurationError) -> Bool { try reader.bool(path + key, others(key)) }

        historySize = try reader.integer(path + "history_size", others("history_size"), in: 0...Self.historySizeMax, or: 0)
        historySeconds = try reader.seconds(path + "history_ttl", others("history_ttl"), in: 0...Self.historySecondsMax, or: 0)
        presence = try bool("presence")
        joinLeave = try bool("join_leave")
        forcePushJoinLeave = try bool("force_push_join_leave")
        forceRecovery = try bool("force_recovery")
        forcePositioning = try bool("force_positioning")
        isCache =
            try reader.value(
                path + "force_recovery_mode", others("force_recovery_mode"), expecting: "\"stream\" or \"cache\"", Self.isCacheMode
            ) ?? false
        let deltaTypes = try reader.value(
            path + "allowed_delta_types", others("allowed_delta_types"), expecting: "a list of \"fossil\"", Self.deltaTypes
        )
        let delta = try bool("delta")
        allowsDelta = delta || deltaTypes ?? false
        subscribeForClient = try bool("allow_subscribe_for_client")
        subscribeForAnonymous = try bool("allow_subscribe_for_anonymous")
        publishForClient = try bool("allow_publish_for_client")
        publishForSubscriber = try bool("allow_publish_for_subscriber")
        publishForAnonymous = try bool("allow_publish_for_anonymous")
        historyForSubscriber = try bool("allow_history_for_subscriber")
        historyForAnonymous = try bool("allow_history_for_anonymous")
        presenceForSubscriber = try bool("allow_presence_for_subscriber")
        presenceForAnonymous = try bool("allow_presence_for_anonymous")
        userLimitedChannels = try bool("allow_user_limited_channels")
    }

    /// Refuses what would silently not work.
    ///
    /// - Parameter path: stands before the keys in errors.
    func validate(path: String) throws(EngineConfigurationError) {
        guard (historySize == 0) == (historySeconds == 0) else {
            let missing = historySize == 0 ? "history_size" : "history_ttl"
            throw EngineConfigurationError(key: path + missing, expected: "a value, as history_size and history_ttl need each other")
        }
        guard historySize == 0 else { return }
        let needingHistory = [
            ("force_recovery", forceRecovery), ("force_positioning", forcePositioning), ("force_recovery_mode", isCache),
            ("allow_history_for_subscriber", historyForSubscriber),
        ]
        for (key, isOn) in needingHistory where isOn {
            throw EngineConfigurationError(key: path + key, expected: "history_size and history_ttl beside it")
        }
    }

    private static func isCacheMode(_ value: JSONValue) -> Bool? {
        guard case .string(let text) = value else { return nil }
        switch text {
        case "", "stream": return false
        case "cache": return true
        default: return nil
        }
    }

    private static func deltaTypes(_ value: JSONValue) -> Bool? {
        guard case .array(let list) = value else { return nil }
        for type in list { guard case .string("fossil") = type else { return nil } }
        return !list.isEmpty
    }
}
