import Client
import Gym
import ServerTesting
import Testing
import Wire

/// The form that the clients of iOS, Android and Flutter speak, through a real socket.
@Suite(.timeLimit(.minutes(2))) struct ProtobufTests {
    private func connect(_ user: TestUser) async throws -> LiveConnection {
        var configuration = LiveConfiguration()
        configuration.codec = ProtobufClientCodec()
        let port = try #require(user.rest.baseURL.split(separator: ":").last.flatMap { Int($0) })
        return try await LiveConnection.connect(port: port, token: user.token, configuration: configuration)
    }

    @Test func `the same events arrive in both forms, live and recovered`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            let json = try await ana.watch(VenueCalendar(venue: venue.id.rawValue))
            let start = try #require(json.subscription.position)
            let connection = try await connect(ana)
            let live = try await connection.subscribe(venue.calendarChannel)
            #expect(live.position == start)

            try await server.announce(times: 5, at: venue)

            let expected = try await json.read(through: start.offset + 5)
            var heard: [Publication] = []
            for try await push in connection.pushes {
                guard case .publication(let publication) = push.body else { continue }
                heard.append(publication)
                if heard.count == 5 { break }
            }
            #expect(heard == expected)

            try await connection.unsubscribe(venue.calendarChannel)
            #expect(try await connection.subscribe(venue.calendarChannel, since: start).missed == expected)
            #expect(try await connection.history(venue.calendarChannel, limit: 5, since: start).publications == expected)
            await connection.close()
        }
    }

    @Test func `errors are told in Protobuf too`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let connection = try await connect(server.member("ana"))
            #expect(try await connection.refusal(toSubscribe: venue.operationsChannel) == .permissionDenied)
            #expect(try await connection.refusal(of: .rpc(RPCRequest(method: "no.such.method"))) == .methodNotFound)
            await connection.close()
        }
    }
}
