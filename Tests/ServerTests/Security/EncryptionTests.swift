import Client
import Foundation
import Gateway
import Server
import ServerTesting
import Testing
import Wire

@Suite(.serialized, .timeLimit(.minutes(5))) struct EncryptionTests {
    /// Runs the body against a server that encrypts.
    @discardableResult
    private static func run<Result: Sendable>(
        _ body: @escaping @Sendable (Int, TestCertificate, LogLedger) async throws -> Result
    ) async throws -> Result {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let certificate = try await TestCertificate(in: directory)
        let logs = LogLedger()
        var configuration = try Configuration(
            ServeOptions(
                port: "0", roomsPort: "off", database: directory.databaseURL, loops: "2", tlsCertificate: certificate.certificateFile,
                tlsKey: certificate.keyFile
            ),
            environment: [
                "RINGSIDE_ADMIN_USERNAME": TestServer.adminName, "RINGSIDE_ADMIN_PASSWORD": TestServer.adminPassword,
                "RINGSIDE_DRAIN_SECONDS": "0",
            ]
        )
        configuration.passwordCost = .minimal
        return try await Server(configuration, logger: logs.logger).serve { started in
            try await body(started.port, certificate, logs)
        }
    }

    private static func signIn(port: Int, _ tls: ClientTLS) async throws -> String {
        try await RESTClient.run(port: port, tls: tls) { rest in
            try await rest.login(username: TestServer.adminName, password: TestServer.adminPassword).accessToken
        }
    }

    private static func connect(port: Int, token: String, _ tls: ClientTLS) async throws -> LiveConnection {
        var configuration = LiveConfiguration()
        configuration.tls = tls
        return try await LiveConnection.connect(port: port, token: token, configuration: configuration)
    }

    @Test func `REST and the live protocol share an encrypted port`() async throws {
        try await Self.run { port, certificate, _ in
            let tls = ClientTLS(trustRootsFile: certificate.certificateFile)
            let token = try await Self.signIn(port: port, tls)
            let connection = try await Self.connect(port: port, token: token, tls)
            await connection.close()
        }
    }

    @Test func `a client that trusts somebody else does not connect`() async throws {
        try await Self.run { port, _, _ in
            await #expect(throws: (any Error).self) { try await Self.connect(port: port, token: "", ClientTLS()) }
        }
    }

    @Test func `nobody is answered in the clear`() async throws {
        try await Self.run { port, certificate, _ in
            let plain = try await RawSocket.connect(port: port)
            try await plain.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await !String(decoding: plain.readToEnd(), as: UTF8.self).contains("HTTP"))
            await plain.close()
            _ = try await Self.signIn(port: port, ClientTLS(trustRootsFile: certificate.certificateFile))
        }
    }

    @Test func `a hangup signal changes the certificate and drops nobody`() async throws {
        try await Self.run { port, certificate, logs in
            let old = ClientTLS(trustRootsFile: try certificate.copy(named: "old.pem"))
            let token = try await Self.signIn(port: port, old)
            let connection = try await Self.connect(port: port, token: token, old)
            try await certificate.renew()
            let new = ClientTLS(trustRootsFile: certificate.certificateFile)
            await #expect(throws: (any Error).self) { try await Self.connect(port: port, token: token, new) }

            kill(getpid(), SIGHUP)
            var renewed: LiveConnection?
            while renewed == nil { renewed = try? await Self.connect(port: port, token: token, new) }
            await #expect(throws: (any Error).self) { try await Self.connect(port: port, token: token, old) }
            // An answer, if only a refusal.
            await #expect(throws: ProtocolError.self) { try await connection.subscribe("nowhere") }
            await renewed?.close()
            await connection.close()
            #expect(logs.errors.isEmpty)
        }
    }

    @Test func `an encrypted server stops as soon as its clients have said goodbye`() async throws {
        let idle = try await Self.run { port, certificate, _ in
            let tls = ClientTLS(trustRootsFile: certificate.certificateFile)
            let token = try await Self.signIn(port: port, tls)
            let live = try await Self.connect(port: port, token: token, tls)
            let left = try await Self.connect(port: port, token: token, tls)
            await left.close()
            let kept = try await RawSocket.connect(port: port, tls: tls)
            try await kept.write("GET /healthz HTTP/1.1\r\nHost: ringside\r\n\r\n")
            #expect(String(decoding: try await kept.read(until: "}"), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
            return (live, kept, ContinuousClock.now)
        }
        // A peer that says nothing is waited for five seconds.
        #expect(ContinuousClock.now - idle.2 < .seconds(3))
        #expect(await idle.0.ending()?.code == 3001)
        #expect(try await idle.1.readToEnd().isEmpty)
    }

    @Test func `one file without the other is refused at the start`() {
        for options in [ServeOptions(tlsCertificate: "a"), ServeOptions(tlsKey: "a")] {
            #expect(throws: ConfigurationError.self) { try Configuration(options, environment: [:]) }
        }
    }
}
