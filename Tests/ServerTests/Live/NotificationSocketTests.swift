import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct NotificationSocketTests {
    private static let path = "/ws/notifications"

    /// The three ways to bring a token (protocol, "two plain endpoints").
    private static func sockets(of user: TestUser, at server: TestServer) async throws -> [UpgradedSocket] {
        [
            try await .connect(port: server.port, path: path, headers: [("Authorization", "Bearer \(user.token)")]),
            try await .connect(port: server.port, path: path, headers: [("Sec-WebSocket-Protocol", "bearer, \(user.token)")]),
            try await .connect(port: server.port, path: "\(path)?token=\(user.token)"),
        ]
    }

    @Test func `every frame is one event of one's own, however the token came`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 2)
            let sockets = try await Self.sockets(of: ana, at: server)
            #expect(sockets.map(\.subprotocol) == [nil, "bearer", nil])

            try await ben.reserve(slot).success()
            let reservation: Reservation = try await ana.reserve(slot).success().decode()
            try await ana.cancel(reservation).success()

            for socket in sockets {
                for type in [ReservationCreated.type, ReservationCancelled.type] {
                    let frame = try await socket.receive()
                    #expect(frame.opcode == RawFrame.Opcode.text)
                    #expect(frame.isFinal)
                    let event = try RawJSON(bytes: frame.payload).decode(EventEnvelope<ReservationCreated>.self)
                    #expect(event.type == type)
                    #expect(event.data.reservation.id == reservation.id.rawValue)
                    #expect(event.data.reservation.userID == ana.id)
                    #expect(event.data.username == nil)
                }
                try await socket.send(RawFrame(RawFrame.Opcode.close, [0x03, 0xE8]))
                // Nothing else had been on its way.
                #expect(try await socket.receive().closeCode == 1000)
                await socket.close()
            }
        }
    }

    @Test func `whatever happens after the upgrade is told, however soon`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 2)
            var reservation: Reservation = try await ana.reserve(slot).success().decode()
            for _ in 1...50 {
                // Many streams at once begin while this one's event is on its way.
                async let others = Self.sockets(of: ana, at: server)
                let socket = try await UpgradedSocket.connect(port: server.port, path: "\(Self.path)?token=\(ana.token)")
                try await ana.cancel(reservation).success()
                var told = try await socket.receive().text
                // The booking before may still have been on its way to this loop when the stream began.
                if told.contains(ReservationCreated.type) { told = try await socket.receive().text }
                #expect(told.contains(ReservationCancelled.type))
                reservation = try await ana.reserve(slot).success().decode()
                for other in try await others + [socket] { await other.close() }
            }
        }
    }

    @Test func `without a good token there is no upgrade`() async throws {
        try await TestServer.run { server in
            let (ana, gone) = (try await server.member("ana"), try await server.member("gone"))
            try await gone.rest.post("/api/v1/users/logout").success()
            let plain = HandshakeRequest(path: Self.path)
            let requests = [
                plain, plain.with("Authorization", "Bearer nonsense"), plain.with("Authorization", "Bearer \(gone.token)"),
                plain.with("Authorization", "Basic \(ana.token)"), plain.with("Authorization", ana.token),
                plain.with("Sec-WebSocket-Protocol", ana.token), plain.with("Sec-WebSocket-Protocol", "bearer"),
                plain.with("Sec-WebSocket-Protocol", "bearer, nonsense"), HandshakeRequest(path: "\(Self.path)?token="),
                HandshakeRequest(path: "\(Self.path)?token=nonsense"), HandshakeRequest(path: "\(Self.path)?other=\(ana.token)"),
                // The header decides where there is one.
                HandshakeRequest(path: "\(Self.path)?token=\(ana.token)").with("Authorization", "Bearer nonsense"),
            ]
            for (number, request) in requests.enumerated() {
                let answer = try await request.answer(port: server.port)
                #expect(answer.status == 401, "request \(number)")
                #expect(answer.head.contains("content-type: application/problem+json\r\n"), "request \(number)")
                #expect(answer.head.contains("www-authenticate: bearer"), "request \(number)")
                #expect(answer.body.contains(#""status":401"#), "request \(number)")
            }

            server.time.advance(bySeconds: 901)
            let expired = try await plain.with("Authorization", "Bearer \(ana.token)").answer(port: server.port)
            #expect(expired.status == 401)
        }
    }

    @Test func `signing out ends the stream`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let sockets = try await Self.sockets(of: ana, at: server)

            try await ana.rest.post("/api/v1/users/logout").success()

            for socket in sockets {
                #expect(try await socket.receiveClose() == 3500)
                await socket.close()
            }
        }
    }

    @Test func `no token is ever logged`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            for socket in try await Self.sockets(of: ana, at: server) { await socket.close() }
            let forged = "forged-\(ana.token)"
            for path in ["\(Self.path)?token=\(forged)", "/connection/websocket?token=\(forged)", "/nowhere?token=\(forged)"] {
                let socket = try? await UpgradedSocket.connect(port: server.port, path: path)
                await socket?.close()
            }
            _ = try await server.rest.get("/api/v1/users/me?token=\(ana.token)")
            let refused = #"{"id":1,"connect":{"token":"\#(forged)"}}"#
            #expect(try await UpgradedSocket.closeCode(port: server.port, after: [refused]) == 3500)

            #expect(!server.logs.lines.isEmpty)
            for part in ana.token.split(separator: ".") {
                #expect(!server.logs.lines.contains { $0.contains(part) })
            }
        }
    }

    @Test func `what a client says there is heard and not obeyed`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 2)
            let socket = try await UpgradedSocket.connect(
                port: server.port, path: Self.path, headers: [("Authorization", "Bearer \(ana.token)")]
            )
            try await socket.send(#"{"id":1,"subscribe":{"channel":"calendar:venue:1"}}"#)
            try await socket.send("hello")

            try await ana.reserve(slot).success()

            #expect(try await socket.receive().text.contains(ReservationCreated.type))
            await socket.close()
        }
    }
}
