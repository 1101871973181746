import Client
import NIOCore
import NIOPosix
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct StoppingTests {
    /// Less than an idle connection, or a request that stands still, may last while the server runs; on any machine.
    private static let moment = Duration.seconds(10)

    private static let probe = "GET /healthz HTTP/1.1\r\nHost: ringside\r\n\r\n"
    private static let halfRequest =
        "POST /api/v1/users/login HTTP/1.1\r\nHost: ringside\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"

    @Test func `a server that runs is alive and ready`() async throws {
        try await TestServer.run { server in
            let (live, ready) = (try await server.rest.get("/healthz"), try await server.rest.get("/readyz"))

            #expect((live.status, ready.status) == (200, 200))
            #expect(try await server.rest.with(token: "no token").get("/readyz").status == 200)
        }
    }

    @Test func `a server stops within seconds, however many connections stand idle`() async throws {
        let (took, logs) = try await StoppableServer.run { server in
            try await RESTClient.run(port: server.port) { rest in
                let token = try await rest.login(username: TestServer.adminName, password: TestServer.adminPassword).accessToken
                var idle: [RawSocket] = []
                for _ in 1...20 {
                    let socket = try await RawSocket.connect(port: server.port)
                    try await socket.write(Self.probe)
                    _ = try await socket.read(until: "}")
                    idle.append(socket)
                }
                for _ in 1...5 { idle.append(try await RawSocket.connect(port: server.port)) }
                var live: [LiveConnection] = []
                for _ in 1...10 { live.append(try await LiveConnection.connect(port: server.port, token: token)) }

                await server.stop()

                for connection in live { #expect(await connection.ending() == ClosedConnection(code: 3001, reason: "shutdown")) }
                for socket in idle { #expect(try await socket.readToEnd().isEmpty) }
            }
        }

        #expect(took < Self.moment)
        #expect(logs.errors.isEmpty)
    }

    @Test func `a request that never gets to its end is not waited for`() async throws {
        let (took, logs) = try await StoppableServer.run { server in
            let socket = try await RawSocket.connect(port: server.port)
            try await socket.write(Self.probe)
            _ = try await socket.read(until: "}")
            try await socket.write(Self.halfRequest)

            await server.stop()

            #expect(String(decoding: try await socket.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
        }

        #expect(took < Self.moment)
        #expect(logs.errors.isEmpty)
    }

    @Test func `a client that does not read its answers keeps nobody`() async throws {
        let (took, logs) = try await StoppableServer.run { server in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                .connect(host: "127.0.0.1", port: server.port).get()
            let requests = String(repeating: "GET /openapi.json HTTP/1.1\r\nHost: ringside\r\n\r\n", count: 400)
            try await channel.writeAndFlush(ByteBuffer(string: requests))

            await server.stop()
        }

        #expect(took < Self.moment)
        #expect(logs.errors.isEmpty)
    }

    @Test func `a server that drains says that it is not ready, and finishes what was begun`() async throws {
        let (_, logs) = try await StoppableServer.run { server in
            let token = try await Self.adminToken(server)
            let live = try await LiveConnection.connect(port: server.port, token: token)
            let socket = try await RawSocket.connect(port: server.port)
            try await socket.write(Self.halfRequest)
            // An answer to somebody who came later shows that the server has the half of the request.
            _ = try await Self.adminToken(server)

            await server.stop()
            // Sent by the drain, which begins only after the server has called itself unready.
            #expect(await live.ending()?.code == 3001)
            let probes = "GET /readyz HTTP/1.1\r\nHost: ringside\r\n\r\nGET /healthz HTTP/1.1\r\nHost: ringside\r\n\r\n"
            try await socket.write("}" + probes)

            let answers = String(decoding: try await socket.readToEnd(), as: UTF8.self)
            let statuses = answers.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
            #expect(statuses == ["422", "503", "200"])
            #expect(answers.contains(#""reasons":["draining"]"#))
        }

        #expect(logs.errors.isEmpty)
    }

    private static func adminToken(_ server: StoppableServer) async throws -> String {
        try await RESTClient.run(port: server.port) { rest in
            try await rest.login(username: TestServer.adminName, password: TestServer.adminPassword).accessToken
        }
    }
}
