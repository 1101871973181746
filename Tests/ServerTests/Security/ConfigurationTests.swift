import Accounts
import Server
import Testing

@Suite struct ConfigurationTests {
    @Test(
        arguments: [
            ("RINGSIDE_PORT", "http"), ("RINGSIDE_PORT", "65536"), ("RINGSIDE_PORT", "-1"), ("RINGSIDE_PORT", ""),
            ("RINGSIDE_DATABASE", "postgres://[here"), ("RINGSIDE_DATABASE", "sqlite://"), ("RINGSIDE_DATABASE", "ringside.sqlite"),
            ("RINGSIDE_LOOPS", "0"), ("RINGSIDE_LOOPS", "257"), ("RINGSIDE_RESPONSE_CACHE", "-1"), ("RINGSIDE_LOG_LEVEL", "loud"),
            ("RINGSIDE_ADMIN_PASSWORD", "short"), ("RINGSIDE_TOKEN_SECRET", "thirty-one bytes are not enough"),
            ("RINGSIDE_DRAIN_SECONDS", "301"), ("RINGSIDE_PING_SECONDS", "0"), ("RINGSIDE_USER_COMMANDS_PER_SECOND", "0"),
            ("RINGSIDE_SUBSCRIPTIONS_BURST", "many"), ("RINGSIDE_PRESENCE_SIZE_MAX", "-1"), ("RINGSIDE_HISTORY_EVENTS_MAX", "0"),
            ("RINGSIDE_PONG_SECONDS", "26"),
        ]
    )
    func `a value that can't be used is refused with its key, and a secret is not repeated`(key: String, value: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Configuration(ServeOptions(), environment: [key: value]) }

        #expect(error.key == key)
        #expect(error.description.hasPrefix("\(key): expected "))
        let isSecret = key.hasSuffix("PASSWORD") || key.hasSuffix("SECRET")
        #expect(!isSecret || !error.description.contains(value))
    }

    @Test func `an option is named as it was written`() throws {
        let error = try #require(throws: ConfigurationError.self) { try Configuration(ServeOptions(port: "none"), environment: [:]) }
        #expect(error.key == "--port")

        let cache = try #require(throws: ConfigurationError.self) { try Configuration(ServeOptions(responseCache: "x"), environment: [:]) }
        #expect(cache.key == "--response-cache")
    }

    @Test func `the command line comes before the environment and that before the default`() throws {
        let environment = ["RINGSIDE_PORT": "81", "RINGSIDE_HOST": "::1"]

        let configuration = try Configuration(ServeOptions(port: "82"), environment: environment)

        #expect((configuration.port, configuration.host, configuration.drainSeconds) == (82, "::1", 30))
        #expect(try Configuration(ServeOptions(), environment: [:]).allowedOrigins.isEmpty)
    }

    @Test func `the summary tells where secrets come from and not what they are`() throws {
        let environment = [
            "RINGSIDE_ADMIN_PASSWORD": "Velvet-Hammer-9", "RINGSIDE_TOKEN_SECRET": "velvet hammers are thirty-two bytes or more",
        ]

        let summary = "\(try Configuration(ServeOptions(), environment: environment).summary)"

        #expect(!summary.lowercased().contains("velvet"))
        #expect(summary.contains("configured"))
        #expect("\(try Configuration(ServeOptions(), environment: [:]).summary)".contains("generated"))
    }
}
