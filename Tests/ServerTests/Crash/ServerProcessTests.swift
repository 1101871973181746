import Client
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct ServerProcessTests {
    @Test(.enabled(if: TestDirectory.isOnSQLite, "PostgreSQL is there to be shared"))
    func `a second server on the same database is refused, and says why`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await TestServer.run(in: directory) { server in
            do {
                try await ServerProcess.run(in: directory) { _ in }
                Issue.record("two servers on one file")
            } catch ServerProcessError.didNotStart(let ending, let output) {
                guard case .exited(let status) = ending else { throw ServerProcessError.didNotStart(ending, output: output) }
                #expect(status != 0)
                #expect(output.contains("inUse") || output.contains("in use"))
                #expect(output.contains("test.sqlite"))
            }
            // The first one has taken no harm.
            _ = try await server.venue()
        }
    }

    @Test func `asked to stop, a server sends everybody away to come back, and exits in good order`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let (token, channel) = try await TestServer.run(in: directory, time: .startingNow) { server in
            (server.admin.token, try await server.venue().calendarChannel)
        }
        try await ServerProcess.run(in: directory) { server in
            var connections: [LiveConnection] = []
            for _ in 1...20 {
                let connection = try await LiveConnection.connect(port: server.port, token: token)
                _ = try await connection.subscribe(channel)
                connections.append(connection)
            }
            let notifications = try await UpgradedSocket.connect(
                port: server.port, path: "/ws/notifications", headers: [("Authorization", "Bearer \(token)")]
            )

            async let ending = server.terminate()
            for connection in connections {
                let closed = await connection.closed()
                #expect(closed.code == 3001)
                #expect(!closed.isTerminal)
            }
            #expect(try await notifications.receiveClose() == 3001)
            await notifications.close()
            #expect(try await ending == .exited(status: 0))
            #expect(!server.printed.contains(" error "))
        }
    }
}
