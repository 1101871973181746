import Client
import Testing
import Wire

/// What stands at the engine's port beside its WebSocket.
@Suite struct DoorwayTests {
    @Test func `there is an echo where it was asked for, and else none`() async throws {
        try await TestEngine.run(#""echo": true"#) { engine in
            let socket = try await UpgradedSocket.connect(port: engine.port, path: "/echo")
            await socket.close()
        }
        try await TestEngine.run { engine in
            await #expect(throws: ClientError.upgradeRefused(status: 404)) {
                _ = try await UpgradedSocket.connect(port: engine.port, path: "/echo")
            }
        }
    }

    @Test func `the fallback transports are there`() async throws {
        try await TestEngine.run { engine in
            let emulation = try await engine.rest.send(
                "POST", "/emulation", body: Array(#"{"session":"s","node":"another","data":"{}"}"#.utf8)
            )
            #expect(emulation.status == 404)
            #expect(try await engine.rest.get("/connection/sse").status == 400)
            #expect(try await engine.rest.send("GET", "/connection/http_stream").status == 405)
        }
    }

    @Test func `pages of other origins are turned away unless they are listed`() async throws {
        try await TestEngine.run(#""allowed_origins": ["https://app.example"]"#) { engine in
            let own = try await LiveConnection.open(port: engine.port, headers: [("Origin", "https://app.example")])
            await own.close()
            await #expect(throws: ClientError.upgradeRefused(status: 403)) {
                _ = try await LiveConnection.open(port: engine.port, headers: [("Origin", "https://evil.example")])
            }
        }
    }

    @Test func `nobody signs in with an account here`() async throws {
        try await TestEngine.run { engine in
            await #expect(throws: ClientError.upgradeRefused(status: 401)) {
                _ = try await UpgradedSocket.connect(
                    port: engine.port, path: "/ws/notifications", headers: [("Authorization", "Bearer \(engine.token(#""sub":"1""#))")]
                )
            }
        }
    }

    @Test func `a connection that ends with the engine is told to come back`() async throws {
        let ending = try await TestEngine.run { engine in try await engine.connect("ana") }.closed()
        #expect(ending.code == 3001)
    }
}
