import Client
import Engine
import Foundation
import ServerTesting
import Testing
import Wire

/// What the operator's signals do to `ringside realtime`.
@Suite(.serialized, .timeLimit(.minutes(2))) struct EngineProcessTests {
    private static let secret = "engine-secret"
    private static let token = TokenIssuer(secret: secret).token(RawJSON(#"{"sub":"ana"}"#))

    private static func configuration(_ members: String = "") -> String {
        #"{"token_hmac_secret": "\#(secret)", "shutdown_timeout": "300s", "loops": 1\#(members)}"#
    }

    @Test func `a hangup signal changes the certificate and drops nobody`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let certificate = try await TestCertificate(in: directory)
        let members =
            #", "tls": true, "tls_cert": "\#(certificate.certificateFile)", "tls_key": "\#(certificate.keyFile)", "shutdown_timeout": "0s""#
        let configuration = #"{"token_hmac_secret": "\#(Self.secret)", "loops": 1\#(members)}"#
        try await ServerProcess.runEngine(in: directory, configuration: configuration) { engine in
            func connect(_ tls: ClientTLS) async throws -> LiveConnection {
                var configuration = LiveConfiguration()
                configuration.tls = tls
                return try await LiveConnection.connect(port: engine.port, token: Self.token, configuration: configuration)
            }
            let old = ClientTLS(trustRootsFile: try certificate.copy(named: "old.pem"))
            let connection = try await connect(old)
            try await certificate.renew()
            let new = ClientTLS(trustRootsFile: certificate.certificateFile)
            await #expect(throws: (any Error).self) { try await connect(new) }

            engine.hangUp()
            var renewed: LiveConnection?
            while renewed == nil { renewed = try? await connect(new) }
            await #expect(throws: (any Error).self) { try await connect(old) }
            // An answer, if only a refusal.
            await #expect(throws: ProtocolError.self) { try await connection.subscribe("nowhere") }
            await renewed?.close()
            await connection.close()
            #expect(try await engine.terminate() == .exited(status: 0))
        }
    }

    @Test func `a second signal ends an engine that is leaving at once`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await ServerProcess.runEngine(in: directory, configuration: Self.configuration()) { engine in
            // Enough that the goodbyes are spread over seconds.
            var connections: [LiveConnection] = []
            for _ in 0..<600 { connections.append(try await LiveConnection.open(port: engine.port)) }
            engine.askToStop()
            try await RESTClient.run(port: engine.port) { rest in
                while try await rest.get("/readyz").status != 503 {}
                #expect(try await engine.terminate() == .killed(signal: 15))
            }
            for connection in connections { connection.cut() }
        }
    }
}
