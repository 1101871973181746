import Foundation
import Testing

@testable import Engine

@Suite struct EngineConfigurationTests {
    private func read(_ json: String) throws -> EngineConfiguration { try EngineConfiguration(json: Data(json.utf8)) }

    private func error(_ json: String) -> EngineConfigurationError? {
        do throws(EngineConfigurationError) {
            _ = try EngineConfiguration(json: Data(json.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func `nested names are read`() throws {
        let configuration = try read(
            """
            {"http_server": {"address": "0.0.0.0", "port": 9000}, "http_api": {"key": "k"}, "echo": true,
             "coalescing_microseconds_max": 500, "prompt_namespaces": ["chat"], "log": {"level": "warning"},
             "shutdown": {"timeout": "5s"}, "node": {"name": "one"},
             "client": {"token": {"hmac_secret_key": "s", "audience": "a", "issuer": "i"}, "allowed_origins": ["https://a.example"],
                "subscription_token": {"enabled": true, "hmac_secret_key": "t"}, "channel_limit": 7, "user_connection_limit": 8,
                "connection_limit": 9, "presence_limit": 21, "commands_per_second": 300, "user_commands_per_second": 22,
                "user_commands_burst": 23, "subscriptions_per_second": 24, "subscriptions_burst": 25, "leave_delay": "0s",
                "channel_position_check_delay": "26s", "address_connection_limit": 27, "ping_interval": "10s", "pong_timeout": "3s", "stale_close_delay": "4s",
                "expired_close_delay": "6s", "history_max_publication_limit": 11, "connection_rate_limit": 12, "connection_burst": 13,
                "subscribe_to_user_personal_channel": {"enabled": true, "personal_channel_namespace": "personal"}},
             "channel": {"max_length": 100, "history_meta_ttl": "2h", "without_namespace": {"presence": true},
                "namespaces": [{"name": "personal"}, {"name": "chat", "history_size": 10, "history_ttl": "1h30m",
                    "force_recovery": true, "allowed_delta_types": ["fossil"]},
                    {"name": "price", "history_size": 1, "history_ttl": "300s", "force_recovery_mode": "cache"}]}}
            """
        )
        #expect(configuration.host == "0.0.0.0")
        #expect(configuration.port == 9_000)
        #expect(configuration.apiKey == "k")
        #expect(configuration.hasEcho)
        #expect(configuration.logLevel == .warning)
        #expect(configuration.drainSeconds == 5)
        #expect(configuration.client.token.secret == "s")
        #expect(configuration.client.token.audience == "a")
        #expect(configuration.client.token.issuer == "i")
        #expect(configuration.client.subscriptionToken?.secret == "t")
        #expect(configuration.client.personalNamespace == "personal")
        #expect(configuration.allowedOrigins == ["https://a.example"])
        #expect(configuration.upgradesPerSecondMax == 12)
        #expect(configuration.upgradesBurstMax == 13)
        #expect(configuration.hub.node == "one")
        #expect(configuration.hub.channelsMax == 7)
        #expect(configuration.hub.connectionsPerUserMax == 8)
        #expect(configuration.hub.connectionsMax == 9)
        #expect(configuration.hub.pingSeconds == 10)
        #expect(configuration.hub.pongSeconds == 3)
        #expect(configuration.hub.connectSeconds == 4)
        #expect(configuration.hub.expirySeconds == 6)
        #expect(configuration.hub.historyEventsMax == 11)
        #expect(configuration.hub.presenceSizeMax == 21)
        #expect(configuration.hub.commandsPerSecond == 300)
        #expect(configuration.hub.commandsBurst == 300)
        #expect(configuration.hub.userCommandsPerSecond == 22)
        #expect(configuration.hub.userCommandsBurst == 23)
        #expect(configuration.hub.subscriptionsPerSecond == 24)
        #expect(configuration.hub.subscriptionsBurst == 25)
        #expect(configuration.hub.leaveHoldSeconds == 0)
        #expect(configuration.hub.positionCheckSeconds == 26)
        #expect(configuration.connectionsPerAddressMax == 27)
        #expect(configuration.hub.connectionsPerAddressMax == 27)
        #expect(configuration.hub.coalescingMicrosecondsMax == 500)
        #expect(configuration.hub.promptNamespaces == ["chat"])
        #expect(configuration.channels.nameBytesMax == 100)
        #expect(configuration.channels.withoutNamespace.presence)
        #expect(configuration.log.forgetSeconds == 7_200)
        let chat = try #require(configuration.channels.namespaces["chat"])
        #expect(chat.historySize == 10)
        #expect(chat.historySeconds == 5_400)
        #expect(chat.options.isRecoverable)
        #expect(chat.options.isPositioned)
        #expect(chat.allowsDelta)
        #expect(!chat.isCache)
        #expect(configuration.channels.namespaces["price"]?.options.isCache == true)
    }

    @Test func `the flat names of before are read as well`() throws {
        let configuration = try read(
            """
            {"port": "8100", "address": "::1", "token_hmac_secret_key": "s", "api_key": "k", "client_insecure": true,
             "allowed_origins": ["*"], "presence": true, "history_size": 5, "history_ttl": "60s", "log_level": "debug",
             "user_subscribe_to_personal": true, "client_channel_limit": 3, "namespaces": [{"name": "ns", "join_leave": true}]}
            """
        )
        #expect(configuration.port == 8_100)
        #expect(configuration.host == "::1")
        #expect(configuration.client.token.secret == "s")
        #expect(configuration.client.isInsecure)
        #expect(configuration.client.personalNamespace == "")
        #expect(configuration.channels.withoutNamespace.historySize == 5)
        #expect(configuration.channels.namespaces["ns"]?.joinLeave == true)
        #expect(configuration.hub.channelsMax == 3)
        #expect(try read(#"{"token_hmac_secret": "s"}"#).client.token.secret == "s")
    }

    @Test(arguments: [
        (#"{"client": {"insecure": true, "tokn": {"hmac_secret_key": "s"}}}"#, "client.tokn.hmac_secret_key"),
        (#"{"client_insecure": true, "presense": true}"#, "presense"),
        (#"{"client_insecure": true, "channel": {"namespaces": [{"name": "ns", "histry_size": 1}]}}"#, "channel.namespaces.ns.histry_size"),
        (#"{"client_insecure": true, "channel": {"namespaces": [{"presence": true}]}}"#, "channel.namespaces[0].name"),
        (#"{"client_insecure": true, "namespaces": [{"name": "a b"}]}"#, "channel.namespaces[0].name"),
        (#"{"client_insecure": true, "namespaces": [{"name": "ns"}, {"name": "ns"}]}"#, "channel.namespaces[1].name"),
        (#"{"client_insecure": true, "namespaces": [{"name": "ns", "history_size": 1}]}"#, "channel.namespaces.ns.history_ttl"),
        (#"{"client_insecure": true, "namespaces": [{"name": "ns", "force_recovery": true}]}"#, "channel.namespaces.ns.force_recovery"),
        (
            #"{"client_insecure": true, "namespaces": [{"name": "ns", "history_size": 1, "history_ttl": 60}]}"#,
            "channel.namespaces.ns.history_ttl"
        ),
        (
            #"{"client_insecure": true, "namespaces": [{"name": "ns", "history_size": 1, "history_ttl": "1500ms"}]}"#,
            "channel.namespaces.ns.history_ttl"
        ),
        (
            #"{"client_insecure": true, "channel": {"without_namespace": {"force_recovery_mode": "map"}}}"#,
            "channel.without_namespace.force_recovery_mode"
        ),
        (#"{"client_insecure": true, "http_server": {"port": 70000}}"#, "http_server.port"),
        (#"{"client_insecure": true, "port": "many"}"#, "port"),
        (#"{"client_insecure": "yes"}"#, "client_insecure"),
        (#"{"client_insecure": true, "allowed_origins": "*"}"#, "allowed_origins"),
        (#"{"client_insecure": true, "client": {"insecure": true}}"#, "client_insecure"),
        (#"{"client_insecure": true, "client": {"ping_interval": "5s", "pong_timeout": "6s"}}"#, "client.pong_timeout"),
        (#"{"client_insecure": true, "log_level": "loud"}"#, "log_level"),
        (
            #"{"client_insecure": true, "client": {"subscription_token": {"enabled": true}}}"#,
            "client.subscription_token.hmac_secret_key"
        ),
        (
            #"{"client_insecure": true, "user_subscribe_to_personal": true, "user_personal_channel_namespace": "none"}"#,
            "client.subscribe_to_user_personal_channel.personal_channel_namespace"
        ),
        (#"{"client_insecure": true, "http_server": {"tls": {"enabled": true}}}"#, "http_server.tls.cert_pem_file"),
        ("{}", "client.token.hmac_secret_key"),
        ("[]", "configuration"),
        ("{", "configuration"),
    ]) func `what can't be used is named`(json: String, key: String) {
        #expect(error(json)?.key == key)
    }

    @Test func `the line at start holds no secret`() throws {
        let configuration = try read(
            #"{"token_hmac_secret": "very-secret", "api_key": "also-secret", "subscription_token_hmac_secret_key": "third-secret", "separate_subscription_token_config": true}"#
        )
        let line = configuration.summary.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        #expect(!line.contains("secret-") && !line.contains("-secret"))
        #expect(line.contains("client.token=configured"))
    }

    @Test(arguments: [
        ("300s", 300), ("5m", 300), ("1h30m", 5_400), ("1000ms", 1), ("720h", 2_592_000), ("0s", 0),
    ]) func `durations are read`(text: String, seconds: Int) {
        #expect(DurationText.seconds(text) == seconds)
    }

    @Test(arguments: ["", "s", "5", "5x", "-5s", "1.5s", "1500ms", "5 s", "99999999999999999999s", "9223372036854775807h"])
    func `what is no duration of whole seconds is not`(text: String) {
        #expect(DurationText.seconds(text) == nil)
    }
}
