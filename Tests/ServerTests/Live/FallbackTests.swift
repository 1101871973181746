import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct FallbackTests {
    @Test(arguments: FallbackStream.Form.allCases)
    func `a client without WebSockets connects, watches, books and hears of it`(_ form: FallbackStream.Form) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 5)
            let channel = "calendar:venue:\(slot.venueID)"
            let stream = try await ana.stream(form)

            #expect(stream.result.ping == 25)
            #expect(!stream.result.pong)
            #expect(stream.result.expires)
            #expect(stream.result.session.count == 32)
            #expect(!stream.result.node.isEmpty)
            #expect(stream.result.subs.keys.sorted() == ["personal:#\(ana.id)"])
            guard case .subscribe(let start) = try await stream.call(.subscribe(SubscribeRequest(channel: channel)), id: 2) else {
                throw ClientError.unexpectedMessage
            }

            let request = RawJSON(#"{"key":"k-1","request":{"time_slot_id":\#(slot.id)}}"#)
            guard case .rpc(let result) = try await stream.call(.rpc(RPCRequest(method: "gym.reservations.create", data: request)), id: 3)
            else { throw ClientError.unexpectedMessage }
            let booked = try #require(try result.data?.decode(RPCAnswer.self))
            #expect(booked.status == 201)
            // The retry comes by the plain way, and is the same booking.
            let again = try await ana.reserve(slot, key: "k-1")
            #expect(again.header("Idempotent-Replayed") == "true")
            #expect(try booked.decode(Reservation.self).id == again.decode(Reservation.self).id)
            #expect(try await ana.calendar(slot.venueID).stream.offset == start.offset + 1)
            await stream.close()
        }
    }

    @Test(arguments: FallbackStream.Form.allCases)
    func `what was missed while the stream was cut comes with the next`(_ form: FallbackStream.Form) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let own = "personal:#\(ana.id)"
            let venue = try await server.venue()
            let slots = [try await server.slot(at: venue), try await server.slot(SlotSketch("12:00", "13:00"), at: venue)]
            let first = try await ana.stream(form)
            let start = try #require(first.result.subs[own])
            try await ana.reserve(slots[0]).success()
            let heard = try await first.publication(of: own)
            #expect(heard.offset == start.offset + 1)
            await first.cut()
            try await ana.reserve(slots[1]).success()

            let second = try await ana.stream(form, since: [own: StreamPosition(epoch: start.epoch, offset: heard.offset)])

            let resumed = try #require(second.result.subs[own])
            #expect(resumed.recovered)
            #expect(resumed.publications.map(\.offset) == [heard.offset + 1])
            #expect(second.result.session != first.result.session)
            await second.close()
        }
    }

    @Test(arguments: FallbackStream.Form.allCases)
    func `a token that is refused ends the stream with a code`(_ form: FallbackStream.Form) async throws {
        try await TestServer.run { server in
            let request = ConnectRequest(token: "nonsense")
            let stream = try await FallbackStream.begin(form, port: server.port, rest: server.rest, request)
            #expect(stream.head.hasPrefix("http/1.1 200 ok"))
            #expect(try await stream.disconnectCode() == 3500)
            await stream.close()
        }
    }

    @Test func `an expired token is answered with an error, and the client may come again with a new one`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            server.time.advance(bySeconds: 901)
            let stream = try await FallbackStream.begin(.lines, port: server.port, rest: server.rest, ConnectRequest(token: ana.token))
            #expect(try await stream.next() == .reply(Reply(id: 1, body: .error(.tokenExpired))))
            await stream.close()
            let again = try await server.signIn("ana").stream(.lines)
            #expect(again.result.expires)
            await again.close()
        }
    }

    @Test func `a newer token may be posted, and signing out ends the stream`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let stream = try await ana.stream(.events)
            server.time.advance(bySeconds: 600)
            let refreshToken = try #require(ana.signIn.refreshToken)
            let newer = try await ana.rest.post("/api/v1/users/token", body: ["refresh_token": refreshToken]).success()
            struct Tokens: Decodable {
                let token: String
                enum CodingKeys: String, CodingKey { case token = "access_token" }
            }
            let token = try newer.decode(Tokens.self).token
            guard case .refresh(let refreshed) = try await stream.call(.refresh(RefreshRequest(token: token)), id: 2) else {
                throw ClientError.unexpectedMessage
            }
            #expect(refreshed.ttl == 900)

            try await ana.rest.with(token: token).post("/api/v1/users/logout").success()
            #expect(try await stream.disconnectCode() == 3500)
            #expect(try await stream.post(Command(id: 3, request: .refresh(RefreshRequest(token: token)))) == 404)
            await stream.close()
        }
    }

    @Test func `the secret that names a stream is never logged, nor is a token in a query`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            var secrets = ana.token.split(separator: ".").map(String.init)
            for form in FallbackStream.Form.allCases {
                let stream = try await ana.stream(form)
                try await stream.post(Command(id: 2, request: .unsubscribe(UnsubscribeRequest(channel: "a:1"))))
                secrets.append(stream.result.session)
                await stream.close()
                try await stream.post(Command(id: 3, request: .unsubscribe(UnsubscribeRequest(channel: "a:1"))))
            }
            #expect(!server.logs.lines.isEmpty)
            for secret in secrets { #expect(!server.logs.lines.contains { $0.contains(secret) }) }
        }
    }

    @Test func `nobody else can speak in a stream's name`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let streams = [try await ana.stream(.lines), try await ben.stream(.lines)]
            #expect(streams[0].result.session != streams[1].result.session)
            // What presence and publications show of a connection is not its secret.
            for known in [streams[0].result.client, "personal:#\(ana.id)", "\(ana.id)"] {
                let guess = EmulationRequest(node: streams[0].result.node, session: known, data: Array("{}".utf8))
                #expect(try await ben.rest.send("POST", "/emulation", body: guess.json).status == 404)
            }
            for stream in streams { await stream.close() }
        }
    }
}
