/// Which tokens are accepted.
public struct TokenRules: Sendable {
    /// Signs the tokens; empty accepts none. Whoever knows it can be anybody: it is never logged.
    public var secret = ""
    /// What the `aud` of a token must hold; empty for anything.
    public var audience = ""
    /// What the `iss` of a token must be; empty for anything.
    public var issuer = ""

    public init() {}

    /// - Parameters:
    ///   - path: `client.token.` and the like.
    ///   - others: other names of the secret, and where the rest may stand as well.
    init(
        _ reader: inout SettingsReader, path: String, otherSecrets: [String], otherPath: String
    ) throws(EngineConfigurationError) {
        secret = try reader.text(path + "hmac_secret_key", otherSecrets)
        audience = try reader.text(path + "audience", [otherPath + "audience"])
        issuer = try reader.text(path + "issuer", [otherPath + "issuer"])
    }
}

/// How connections begin.
public struct ClientRules: Sendable {
    /// Everybody is admitted without a token and may do everything. For development.
    public var isInsecure = false
    public var allowsAnonymousWithoutToken = false
    public var refusesAnonymousTokens = false
    public var token = TokenRules()
    /// For subscription tokens; nil where the connection's rules hold for them too.
    public var subscriptionToken: TokenRules?
    /// The namespace of the channel that each user is subscribed to at connect: `<namespace>:#<user>`. Empty for `#<user>`, nil for no such
    /// channel.
    public var personalNamespace: String?

    public init() {}

    init(_ reader: inout SettingsReader, _ channels: ChannelRules) throws(EngineConfigurationError) {
        isInsecure = try reader.bool("client.insecure", ["client_insecure"])
        allowsAnonymousWithoutToken = try reader.bool(
            "client.allow_anonymous_connect_without_token", ["allow_anonymous_connect_without_token"]
        )
        refusesAnonymousTokens = try reader.bool(
            "client.disallow_anonymous_connection_tokens", ["disallow_anonymous_connection_tokens"]
        )
        token = try TokenRules(
            &reader, path: "client.token.", otherSecrets: ["token_hmac_secret", "token_hmac_secret_key"], otherPath: "token_"
        )
        let subscriptionRules = try TokenRules(
            &reader, path: "client.subscription_token.", otherSecrets: ["subscription_token_hmac_secret_key"],
            otherPath: "subscription_token_"
        )
        if try reader.bool("client.subscription_token.enabled", ["separate_subscription_token_config"]) {
            guard !subscriptionRules.secret.isEmpty else {
                throw EngineConfigurationError(key: "client.subscription_token.hmac_secret_key", expected: "a secret")
            }
            subscriptionToken = subscriptionRules
        }
        personalNamespace = try Self.personalNamespace(&reader, channels)
    }

    private static func personalNamespace(
        _ reader: inout SettingsReader, _ channels: ChannelRules
    ) throws(EngineConfigurationError) -> String? {
        let path = "client.subscribe_to_user_personal_channel."
        let isEnabled = try reader.bool(path + "enabled", ["user_subscribe_to_personal"])
        let namespace = try reader.text(path + "personal_channel_namespace", ["user_personal_channel_namespace"])
        guard isEnabled else { return nil }
        guard namespace.isEmpty || channels.namespaces[namespace] != nil else {
            throw EngineConfigurationError(key: path + "personal_channel_namespace", expected: "the name of a configured namespace")
        }
        return namespace
    }
}
