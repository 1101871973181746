import ArgumentParser
import Server

/// Serves REST and WebSocket until SIGTERM.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve REST and WebSocket until SIGTERM.")

    @Option(help: "The address to listen at (127.0.0.1).") var host: String?
    @Option(help: "The port to listen at; 0 lets the system choose (8080).") var port: String?
    @Option(help: "The meeting rooms' own port; 0 lets the system choose, off for none (3001).") var roomsPort: String?
    @Option(help: "Where the state is kept, sqlite:// or postgres:// (sqlite://ringside.sqlite).") var database: String?
    @Option(help: "A Redis or Valkey between nodes: redis://[user:password@]host[:port][/database] (none).") var bus: String?
    @Option(help: "The directory of the time zones' TZif files (/usr/share/zoneinfo).") var tzdata: String?
    @Option(help: "Event loops (one for each core).") var loops: String?
    @Option(help: "Origins of web pages that may call, with commas between (none).") var allowedOrigins: String?
    @Option(help: "Addresses and networks of the proxies whose X-Forwarded-For is believed, with commas between (none).")
    var trustedProxies: String?
    @Option(help: "Encoded lists that are kept; 0 for none (256).") var responseCache: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical (info).") var logLevel: String?
    @Option(help: "A file with the certificate, in PEM, read again at SIGHUP (none: nothing is encrypted).") var tlsCertificate: String?
    @Option(help: "A file with the certificate's private key, in PEM.") var tlsKey: String?
    @Option(help: "Who may read /metrics: local for this machine, open, or off (local).") var metrics: String?
    @Flag(help: "Fill an empty database with a club around today and print what to try.") var generatedClub = false

    func run() async throws {
        let configuration = try Configuration(
            ServeOptions(
                host: host, port: port, roomsPort: roomsPort, database: database, bus: bus, tzdata: tzdata, loops: loops,
                allowedOrigins: allowedOrigins, trustedProxies: trustedProxies,
                responseCache: responseCache, logLevel: logLevel, tlsCertificate: tlsCertificate, tlsKey: tlsKey, metrics: metrics
            )
        )
        let server = Server(configuration)
        let (starts, started) = AsyncStream<Server.Started>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.finish() }
                try await server.run { start, _ in started.yield(start) }
            }
            // Outside of the server's own call: it accepts nobody before that has returned.
            for await start in starts {
                announce(start, configuration)
                if generatedClub { await GeneratedClubGreeting.fillAndGreet(configuration, start) }
            }
            try await group.waitForAll()
        }
    }

    private func announce(_ start: Server.Started, _ configuration: Configuration) {
        print("listening on \(configuration.tls == nil ? "http" : "https")://\(configuration.host):\(start.port)")
        if let port = start.roomsPort {
            print("meeting rooms on \(configuration.tls == nil ? "http" : "https")://\(configuration.host):\(port)/api")
        }
        if let password = start.generatedPassword {
            print("administrator: \(configuration.adminUsername) / \(password) (shown this once)")
        }
        flushOutput()
    }
}
