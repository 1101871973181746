import Core
import Logging
import Wire

/// Admits to channels by the rules that the features have registered.
///
/// A channel's name is `<prefix>:<id>` with a positive decimal id in its one spelling; `personal:#<user>` belongs to that user, whom the
/// server subscribes at connect. Everything else, `system:*` above all, is an unknown channel.
public struct RegisteredSubscriptionPolicy: SubscriptionPolicy {
    private let rules: [String: WatchRule]
    private let logger: Logger

    /// - Parameter rules: One for each prefix; of two for the same the later holds.
    public init(rules: [WatchRule], logger: Logger = Logger(label: "ringside.realtime")) {
        self.rules = Dictionary(rules.map { ($0.prefix, $0) }) { _, later in later }
        self.logger = logger
    }

    public func admit(_ caller: SignedInCaller, to channel: String) async throws(ProtocolError) {
        let namespace = ChannelName.namespace(of: channel)
        guard namespace != PersonalChannel.namespace else {
            throw channel == PersonalChannel(user: caller.userID.rawValue).name ? .alreadySubscribed : .permissionDenied
        }
        guard namespace != SystemChannel.namespace, let (rule, id) = rule(for: channel) else { throw .unknownChannel }
        guard try await isAllowed(by: rule, id, caller) else { throw .permissionDenied }
    }

    private func rule(for channel: String) -> (WatchRule, Int64)? {
        guard let colon = channel.lastIndex(of: ":"), let rule = rules[String(channel[..<colon])] else { return nil }
        let digits = channel[channel.index(after: colon)...]
        // One spelling for one channel: `007`, `+7` and `7` would be three logs.
        guard let id = Int64(digits), id > 0, id <= UserID.rawValueMax, String(id) == digits else { return nil }
        return (rule, id)
    }

    private func isAllowed(by rule: WatchRule, _ id: Int64, _ caller: SignedInCaller) async throws(ProtocolError) -> Bool {
        do {
            return try await rule.isAllowed(id, caller)
        } catch {
            logger.error("A permission to watch could not be checked", metadata: ["channel.prefix": "\(rule.prefix)"])
            throw .internalError
        }
    }
}
