import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct ConnectTests {
    @Test func `the connect result says what a client needs and subscribes it to its own channel`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let connection = try await LiveConnection.open(port: server.port)

            let result = try await connection.begin(token: ana.token)

            #expect(result.client.count == 36)
            #expect(!result.version.isEmpty)
            #expect(result.expires)
            #expect(result.ttl == 900)
            #expect(result.ping == 25)
            #expect(result.pong)
            #expect(result.session.count == 32)
            let own = try #require(result.subs["personal:#\(ana.id)"])
            #expect(result.subs.count == 1)
            #expect(own.recoverable)
            #expect(own.positioned)
            #expect(!own.epoch.isEmpty)
            await connection.close()
        }
    }

    @Test func `one's own reservations arrive without subscribing, and what was missed with the next connection`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let channel = "personal:#\(ana.id)"
            let venue = try await server.venue()
            let (morning, noon) = (try await server.slot(at: venue), try await server.slot(SlotSketch("12:00", "13:00"), at: venue))
            let first = try await ana.connect()
            let start = try #require(first.established?.subs[channel])

            let reservation: Reservation = try await ana.reserve(morning).success().decode()
            var pushes = first.pushes.makeAsyncIterator()
            let push = try #require(try await pushes.next())
            guard case .publication(let publication) = push.body else { throw ClientError.unexpectedMessage }
            #expect(push.channel == channel)
            #expect(publication.offset == start.offset + 1)
            #expect(try publication.head().type == ReservationCreated.type)
            #expect(try publication.event(ReservationCreated.self).data.reservation.id == reservation.id.rawValue)

            first.cut()
            try await ana.reserve(noon).success()
            let second = try await ana.connect(since: [channel: StreamPosition(epoch: start.epoch, offset: publication.offset)])
            let resumed = try #require(second.established?.subs[channel])
            #expect(resumed.recovered)
            #expect(resumed.publications.map(\.offset) == [publication.offset + 1])
            await second.close()
        }
    }

    @Test func `connect and subscribe in one frame are obeyed in order`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let socket = try await UpgradedSocket.connect(port: server.port)

            try await socket.send(
                """
                {"id":1,"connect":{"token":"\(server.admin.token)","name":"js"}}
                {"id":2,"subscribe":{"channel":"\(venue.calendarChannel)"}}
                {"id":3,"history":{"channel":"\(venue.calendarChannel)"}}
                {"id":4,"unsubscribe":{"channel":"\(venue.calendarChannel)"}}

                """
            )

            let lines = try await socket.lines(4)
            #expect(lines[0].hasPrefix(#"{"id":1,"connect":{"#))
            #expect(lines[1].hasPrefix(#"{"id":2,"subscribe":{"#))
            // Granted while it was subscribed; the answer waits for the log and may be overtaken.
            #expect(lines[2...].contains { $0.hasPrefix(#"{"id":3,"history":{"#) })
            #expect(lines[2...].contains(#"{"id":4,"unsubscribe":{}}"#))
            await socket.close()
        }
    }

    @Test func `frames that break the protocol before connecting close the connection as a bad request`() async throws {
        try await TestServer.run { server in
            let token = server.admin.token
            for text in [
                #"{"id":1,"subscribe":{"channel":"calendar:venue:1"}}"#, #"{"id":1,"connect":{}}"#, #"{"connect":{"token":"\#(token)"}}"#,
                #"{"id":1,"connect":{"token":"\#(token)"},"subscribe":{"channel":"x"}}"#,
                #"{"id":1,"connect":{"token":"\#(token)","token":"\#(token)"}}"#, #"{"id":1,"dance":{}}"#, "{}", "", "\n", "hello", "[]",
                "7", "null",
                #"{"id":-1,"connect":{"token":"x"}}"#, #"{"id":4294967296,"connect":{"token":"x"}}"#,
            ] {
                let code = try await UpgradedSocket.closeCode(port: server.port, after: [text])
                #expect(code == 3501, "\(text)")
            }
        }
    }

    @Test func `frames that break the protocol after connecting close the connection`() async throws {
        try await TestServer.run { server in
            let connect = #"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#
            let tooMany = (2...202).map { #"{"id":\#($0),"ping":{}}"# }.joined(separator: "\n")
            let cases: [(String, UInt16)] = [
                (connect, 3501), ("{}", 3501), (#"{"id":0}"#, 3501),
                (#"{"id":2,"sub_refresh":{"channel":"personal:#\#(server.admin.id)","token":"y"}}"#, 3501),
                (#"{"id":2,"history":{"channel":"x"}}"# + "\n\n" + #"{"id":3,"ping":{}}"#, 3501), (#"{"send":{"data":{}}}"#, 3508),
                (tooMany, 3013),
            ]
            for (text, expected) in cases {
                let code = try await UpgradedSocket.closeCode(port: server.port, after: [connect, text])
                #expect(code == expected, "\(text.prefix(60))")
            }
        }
    }

    @Test func `a binary frame is told to use the other protocol`() async throws {
        try await TestServer.run { server in
            let socket = try await UpgradedSocket.connect(port: server.port)
            try await socket.send(RawFrame(RawFrame.Opcode.binary, [0]))
            #expect(try await socket.receiveClose() == 3506)
            await socket.close()
        }
    }

    @Test func `tokens that are no good close the connection for good`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            try await ana.rest.post("/api/v1/users/logout").success()
            let parts = server.admin.token.split(separator: ".")
            let forged = "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))"
            for token in ["nonsense", forged, "\(parts[0]).\(parts[1]).", ana.token, String(repeating: "a", count: 10_000)] {
                let connect = #"{"id":1,"connect":{"token":"\#(token)"}}"#
                #expect(try await UpgradedSocket.closeCode(port: server.port, after: [connect]) == 3500, "\(token.prefix(20))")
            }
        }
    }

    @Test func `an expired token is answered with an error and every command after it is a mistake`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            server.time.advance(bySeconds: 901)

            let connection = try await LiveConnection.open(port: server.port)
            await #expect(throws: ProtocolError.tokenExpired) { try await connection.begin(token: ana.token) }
            await #expect(throws: ClosedConnection(code: 3501, reason: "bad request")) {
                try await connection.subscribe("calendar:venue:1")
            }
        }
    }

    @Test func `logging out closes that sign-in's connections and no other`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let other = try await server.signIn("ana")
            let (closing, staying) = (try await ana.connect(), try await other.connect())

            try await ana.rest.post("/api/v1/users/logout").success()

            #expect(await closing.closed().code == 3500)
            #expect(try await staying.history("personal:#\(ana.id)").publications.isEmpty)
            await staying.close()
        }
    }

    @Test func `a person has at most a hundred connections`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            var connections: [LiveConnection] = []
            for _ in 1...100 { connections.append(try await ana.connect()) }

            await #expect(throws: ClosedConnection(code: 3504, reason: "connection limit")) { try await ana.connect() }

            await connections.removeLast().close()
            connections.append(try await ana.connect())
            for connection in connections { connection.cut() }
        }
    }

    @Test func `a newer token of the same sign-in prolongs the connection, any other ends it`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let connection = try await ana.connect()
            server.time.advance(bySeconds: 600)
            let newer: SignIn = try await server.rest.post("/api/v1/users/token", body: ["refresh_token": ana.signIn.refreshToken])
                .success().decode()

            let refreshed = try await connection.refresh(token: newer.accessToken)
            #expect(refreshed.expires)
            #expect(refreshed.ttl == 900)
            #expect(refreshed.client == connection.established?.client)
            #expect(try await connection.refresh(token: ana.token).ttl == 300)
            #expect(try await connection.refusal(of: .refresh(RefreshRequest(token: ""))) == .badRequest)

            await #expect(throws: ClosedConnection(code: 3500, reason: "invalid token")) { try await connection.refresh(token: ben.token) }
            let again = try await ben.connect()
            let otherSignIn = try await server.signIn("ben")
            await #expect(throws: ClosedConnection(code: 3500, reason: "invalid token")) {
                try await again.refresh(token: otherSignIn.token)
            }
        }
    }
}
