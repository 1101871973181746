import Accounts
import Client
import NIOCore
import NIOPosix
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct LiveSessionTests {
    private static let ended = ClosedConnection(code: 3500, reason: "invalid token")
    private static let changed = ClosedConnection(code: 3014, reason: "state invalidated")

    @Test func `a logout closes the sockets of that sign-in and of no other`() async throws {
        try await TestServer.run { server in
            let here = try await server.member("ana")
            let there = try await server.signIn("ana")
            let sockets = [try await here.connect(), try await here.connect(), try await here.notifications()]
            let other = try await there.connect()

            try await here.logOut().success()

            for socket in sockets { #expect(await socket.ending() == Self.ended) }
            #expect(try await other.isAlive(of: there))
        }
    }

    @Test func `a deletion closes every socket of the person`() async throws {
        try await TestServer.run { server in
            let here = try await server.member("ana")
            let there = try await server.signIn("ana")
            let sockets = [try await here.connect(), try await there.connect(), try await there.notifications()]

            try await server.delete(here).success()

            for socket in sockets { #expect(await socket.ending() == Self.ended) }
        }
    }

    @Test func `a change of role has every socket come back with a new token`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let sockets = [try await ana.connect(), try await ana.notifications()]

            try await server.change(ana, ["role": "staff"]).success()

            for socket in sockets { #expect(await socket.ending() == Self.changed) }
            let grant: TokenGrant = try await ana.refresh().success().decode()
            let again = try await LiveConnection.connect(port: server.port, token: grant.accessToken)
            #expect(try await again.isAlive(of: ana))
        }
    }

    @Test func `a change of password renews the socket that asked and ends the others`() async throws {
        try await TestServer.run { server in
            let here = try await server.member("ana")
            let there = try await server.signIn("ana")
            let (own, other) = (try await here.connect(), try await there.connect())

            try await here.changePassword(to: "New-pass-22").success()

            #expect(await own.ending() == Self.changed)
            #expect(await other.ending() == Self.ended)
        }
    }

    @Test func `a refresh token that comes twice closes the socket too`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let socket = try await ana.connect()
            try await ana.refresh().success()
            #expect(try await socket.isAlive(of: ana))

            #expect(try await ana.refresh().status == 401)

            #expect(await socket.ending() == Self.ended)
        }
    }

    @Test func `an ended sign-in opens no socket any more`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            try await ana.logOut().success()
            try await server.delete(ben).success()

            for user in [ana, ben] {
                await #expect(throws: Self.ended) { _ = try await user.connect() }
                await #expect(throws: ClientError.upgradeRefused(status: 401)) { _ = try await user.notifications() }
            }
        }
    }

    @Test func `a token that has to be renewed is answered with error 109`() async throws {
        try await TestServer.run { server in
            let (ana, ben, cleo) = (try await server.member("ana"), try await server.member("ben"), try await server.member("cleo"))
            try await server.change(ana, ["role": "staff"]).success()
            try await ben.changePassword(to: "New-pass-22").success()
            for user in [ana, ben] {
                await #expect(throws: ProtocolError.tokenExpired) { _ = try await user.connect() }
                await #expect(throws: ClientError.upgradeRefused(status: 401)) { _ = try await user.notifications() }
            }

            server.time.advance(bySeconds: 900)
            await #expect(throws: ProtocolError.tokenExpired) { _ = try await cleo.connect() }
            await #expect(throws: ClientError.upgradeRefused(status: 401)) { _ = try await cleo.notifications() }
        }
    }

    @Test func `a socket is prolonged with a newer token of its own sign-in only`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let again = try await server.signIn("ana")
            let ben = try await server.member("ben")
            let socket = try await ana.connect()
            server.time.advance(bySeconds: 600)
            let grant: TokenGrant = try await ana.refresh().success().decode()
            #expect(try await socket.refresh(token: grant.accessToken).ttl == 900)

            for stranger in [again, ben] {
                let hijacked = try await LiveConnection.connect(port: server.port, token: grant.accessToken)
                await #expect(throws: Self.ended) { try await hijacked.refresh(token: stranger.token) }
            }
            let forged = try await LiveConnection.connect(port: server.port, token: grant.accessToken)
            await #expect(throws: Self.ended) { try await forged.refresh(token: grant.accessToken + "A") }
            let stale = try await LiveConnection.connect(port: server.port, token: grant.accessToken)
            server.time.advance(bySeconds: 300)
            await #expect(throws: ClosedConnection(code: 3005, reason: "connection expired")) { try await stale.refresh(token: ana.token) }
            #expect(try await socket.isAlive(of: ana))
        }
    }

    @Test func `a socket that was prolonged still falls with its sign-in`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let socket = try await ana.connect()
            let grant: TokenGrant = try await ana.refresh().success().decode()
            try await socket.refresh(token: grant.accessToken)

            try await server.rest.with(token: grant.accessToken).post("/api/v1/users/logout").success()

            #expect(await socket.ending() == Self.ended)
        }
    }

    @Test func `no socket that is opened while its sign-in ends stays open`() async throws {
        try await TestServer.run { server in
            _ = try await server.member("ana")
            for round in 0..<60 {
                let ana = try await server.signIn("ana")
                let opened = round.isMultiple(of: 2) ? try await LiveConnection.open(port: server.port) : nil
                async let connecting = Self.connection(of: ana, over: opened)
                async let leaving = ana.logOut()
                if let connection = await connecting { #expect(await connection.ending() == Self.ended, "round \(round)") }
                #expect(try await leaving.status == 204)
            }
        }
    }

    @Test func `no socket that is opened while its person is deleted or promoted stays as it is`() async throws {
        try await TestServer.run { server in
            for round in 0..<20 {
                let user = try await server.member("member\(round)")
                let opened = try await LiveConnection.open(port: server.port)
                async let connecting = Self.connection(of: user, over: opened)
                let isDeleted = round.isMultiple(of: 2)
                async let ending = isDeleted ? server.delete(user) : server.change(user, ["role": "leader"])
                if let connection = await connecting {
                    #expect(await connection.ending() == (isDeleted ? Self.ended : Self.changed), "round \(round)")
                }
                try await ending.success()
            }
        }
    }

    /// The connection where it came about; nil where the server refused it.
    private static func connection(of user: TestUser, over opened: LiveConnection?) async -> LiveConnection? {
        guard let opened else { return try? await user.connect() }
        do {
            try await opened.begin(token: user.token)
            return opened
        } catch {
            opened.cut()
            return nil
        }
    }
}

extension TestUser {
    /// Opens the plain stream of the user's own events.
    func notifications() async throws -> LiveConnection {
        try await LiveConnection.open(
            port: Int(rest.baseURL.split(separator: ":").last ?? "") ?? 0, path: "/ws/notifications",
            headers: [("Authorization", "Bearer \(token)")]
        )
    }
}

extension LiveConnection {
    /// How the server has ended the connection; nil where it has not in time.
    func ending() async -> ClosedConnection? {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: ClosedConnection?.self)
        let deadline = promise.futureResult.eventLoop.scheduleTask(in: .seconds(20)) { promise.succeed(nil) }
        async let closing: Void = promise.succeed(await closed())
        let ending = try? await promise.futureResult.get()
        deadline.cancel()
        if ending == nil { cut() }
        await closing
        return ending ?? nil
    }

    /// Whether the connection answers still.
    func isAlive(of user: TestUser) async throws -> Bool {
        try await history(PersonalChannel(user: user.id).name).publications.isEmpty
    }
}
