import Accounts
import Client
import Core
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RestartTests {
    private struct Tokens: Sendable {
        let access: String
        let refresh: String
    }

    @Test func `what was ended, revoked or used up stays so when the server comes back`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()

        let tokens = try await TestServer.run(in: directory, time: time) { server in
            let names = ["left", "deleted", "promoted", "renewed", "reused", "untouched"]
            var members: [String: TestUser] = [:]
            for name in names { members[name] = try await server.member(name) }
            let users = members
            func member(_ name: String) throws -> TestUser { try #require(users[name]) }

            try await member("left").logOut().success()
            try await server.delete(member("deleted")).success()
            try await server.change(member("promoted"), ["role": "staff"]).success()
            try await member("renewed").changePassword(to: "New-pass-22").success()
            try await member("reused").refresh().success()
            #expect(try await member("reused").refresh().status == 401)
            return users.mapValues { Tokens(access: $0.token, refresh: $0.signIn.refreshToken ?? "") }
        }

        try await TestServer.run(in: directory, time: time) { server in
            func standing(_ name: String) async throws -> TokenStanding {
                try await server.standing(of: tokens[name]?.access)
            }
            func refresh(_ name: String) async throws -> RESTResponse {
                try await server.rest.post("/api/v1/users/token", body: ["refresh_token": tokens[name]?.refresh ?? ""])
            }

            for name in ["left", "deleted", "reused"] {
                #expect(try await standing(name) == .ended, "\(name)")
                #expect(try await refresh(name).status == 401, "\(name)")
            }
            for name in ["promoted", "renewed"] { #expect(try await standing(name) == .expired, "\(name)") }
            #expect(try await standing("untouched") == .accepted)
            let promoted: TokenGrant = try await refresh("promoted").success().decode()
            #expect(promoted.user.role == .staff)
            #expect(try await refresh("renewed").status == 200)
            #expect(try await server.tryToSignIn("renewed", "New-pass-22").status == 200)
            #expect(try await server.tryToSignIn("deleted").status == 401)
        }
    }

    @Test func `many revocations are all remembered`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()

        let (ended, standing) = try await TestServer.run(in: directory, time: time) { server in
            let first = try await server.member("ana")
            try await first.logOut().success()
            let ben = try await server.member("ben")
            // More than one page of the log lies between the logout and the end.
            for number in 1...505 { try await server.change(ben, ["role": number.isMultiple(of: 2) ? "staff" : "leader"]).success() }
            return (first.token, try await server.signIn("ana").token)
        }

        try await TestServer.run(in: directory, time: time) { server in
            let (first, last) = (try await server.standing(of: ended), try await server.standing(of: standing))
            #expect(first == .ended)
            #expect(last == .accepted)
        }
    }

    @Test func `another secret makes every older token worthless`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let token = try await TestServer.run(in: directory) { try await $0.member("ana").token }
        let secret = try #require(TokenSecret(configured: "a secret of thirty-two bytes or more"))

        try await TestServer.run(in: directory, adjust: { $0.tokenSecret = secret }) { server in
            let standing = try await server.standing(of: token)
            #expect(standing == .invalid)
            #expect(try await server.tryToSignIn("ana").status == 200)
        }
    }

    @Test func `the superadmin is made once`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await TestServer.run(in: directory) { server in
            try await server.admin.changePassword(to: "Another-pass-9", from: TestServer.adminPassword).success()
        }

        // The configured password is that of the first start only: signing in with it, as the test server does, must fail.
        await #expect(throws: Problem.self) { try await TestServer.run(in: directory) { _ in } }
    }
}
