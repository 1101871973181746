import Realtime
import Wire

/// What users may do in channels by the rules of the namespaces.
struct ChannelPermissions: Sendable {
    let rules: ChannelRules
    /// Everybody may do whatever the namespace has.
    let isInsecure: Bool

    /// What holds for a user who is in the channel, whatever brought them there.
    ///
    /// - Throws: `ProtocolError.unknownChannel`, `ProtocolError.badRequest`.
    func options(of channel: String, for user: String) throws(ProtocolError) -> ChannelOptions {
        guard !channel.isEmpty, channel.utf8.count <= rules.nameBytesMax else { throw .badRequest }
        guard let namespace = rules.namespace(of: channel) else { throw .unknownChannel }
        guard !isInsecure else { return namespace.insecureOptions }
        return user.isEmpty ? namespace.anonymousOptions : namespace.options
    }

    /// Whether a user may subscribe without a subscription token.
    func admits(_ user: String, to channel: String) -> Bool {
        guard !isInsecure else { return true }
        guard !rules.isPrivate(channel), let namespace = rules.namespace(of: channel) else { return false }
        if namespace.userLimitedChannels, let users = rules.users(of: channel) {
            return !user.isEmpty && users.contains { $0 == user }
        }
        return user.isEmpty ? namespace.subscribeForAnonymous : namespace.subscribeForClient
    }
}

extension Namespace {
    /// What holds there when nobody is asked who they are.
    fileprivate var insecureOptions: ChannelOptions {
        var options = self.options
        options.historyForSubscriber = options.hasLog
        options.presenceForSubscriber = options.presence
        options.publishForSubscriber = true
        options.publishForClient = true
        return options
    }
}
