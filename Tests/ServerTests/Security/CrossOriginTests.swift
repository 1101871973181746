import Client
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct CrossOriginTests {
    private static let page = "https://club.example"
    private static let preflight = [("Origin", page), ("Access-Control-Request-Method", "POST")]

    @Test func `pages of other origins may do nothing unless it is configured`() async throws {
        try await TestServer.run { server in
            let answer = try await server.rest.get("/api/v1/venues", headers: [("Origin", Self.page)])
            let preflight = try await server.rest.send("OPTIONS", "/api/v1/reservations", headers: Self.preflight)

            #expect(answer.status == 200)
            for headers in [answer.headers, preflight.headers] {
                #expect(!headers.contains { $0.0.lowercased().hasPrefix("access-control-") })
            }
            await #expect(throws: ClientError.upgradeRefused(status: 403)) {
                _ = try await UpgradedSocket.connect(port: server.port, headers: [("Origin", Self.page)])
            }
        }
    }

    @Test func `a configured origin may read, ask before it writes, and open sockets`() async throws {
        try await TestServer.run(adjust: { $0.allowedOrigins = [Self.page] }) { server in
            let answer = try await server.rest.get("/api/v1/venues", headers: [("Origin", Self.page)])
            #expect(answer.header("Access-Control-Allow-Origin") == Self.page)
            #expect(answer.header("Vary") == "Origin")
            #expect(answer.header("Access-Control-Allow-Credentials") == nil)
            let refusal = try await server.rest.get("/api/v1/users/me", headers: [("Origin", Self.page)])
            #expect(refusal.header("Access-Control-Allow-Origin") == Self.page)
            let preflight = try await server.rest.send("OPTIONS", "/api/v1/reservations", headers: Self.preflight)
            #expect(preflight.status == 204)
            #expect(preflight.header("Access-Control-Allow-Methods")?.contains("POST") == true)
            #expect(preflight.header("Access-Control-Allow-Headers")?.contains("Authorization") == true)
            let socket = try await UpgradedSocket.connect(port: server.port, headers: [("Origin", Self.page)])
            await socket.close()

            for stranger in ["https://evil.example", "null", Self.page + ".evil.example", "http://club.example"] {
                let answer = try await server.rest.get("/api/v1/venues", headers: [("Origin", stranger)])
                #expect(answer.header("Access-Control-Allow-Origin") == nil)
                await #expect(throws: ClientError.upgradeRefused(status: 403)) {
                    _ = try await UpgradedSocket.connect(port: server.port, headers: [("Origin", stranger)])
                }
            }
        }
    }
}
