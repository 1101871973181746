import Accounts
import Client
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct SignInTests {
    @Test func `the username and the e-mail address open the same account, in any case`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            for name in ["ana", "ANA", "ana@example.org", "Ana@Example.ORG"] {
                let answer = try await server.tryToSignIn(name)
                let grant: TokenGrant = try answer.success().decode()
                #expect(answer.status == 200)
                #expect(answer.header("Cache-Control") == "no-store")
                #expect(grant.user.id.rawValue == ana.id)
                #expect((grant.tokenType, grant.expiresIn) == ("bearer", 900))
            }
        }
    }

    @Test func `a wrong password and an unknown name are answered alike`() async throws {
        try await TestServer.run { server in
            _ = try await server.member("ana")

            let answers = [
                try await server.tryToSignIn("ana", "Wrong-pass-1"), try await server.tryToSignIn("nobody", "Wrong-pass-1"),
                try await server.tryToSignIn("ana@example.org", "Wrong-pass-1"),
                try await server.tryToSignIn("nobody@example.org", "Wrong-pass-1"),
            ]

            #expect(Set(answers.map(\.status)) == [401])
            #expect(Set(answers.map(\.problem)).count == 1)
            #expect(Set(answers.map { $0.headers.map(\.0).sorted() }).count == 1)
            #expect(answers[0].problem?.code == "account.wrong_credentials")
            #expect(answers[0].header("WWW-Authenticate") == "Bearer")
        }
    }

    @Test func `the eleventh guess has to wait, even a right one, and only for that name`() async throws {
        try await TestServer.run { server in
            let (ana, _) = (try await server.member("ana"), try await server.member("ben"))
            for _ in 1...10 { #expect(try await server.tryToSignIn("ana", "Wrong-pass-1").status == 401) }

            let refused = try await server.tryToSignIn("ANA")
            #expect(refused.status == 429)
            #expect(refused.problem?.code == "account.too_many_attempts")
            #expect(refused.header("Retry-After").flatMap(Int.init).map { (1...900).contains($0) } == true)
            #expect(try await server.tryToSignIn("ben").status == 200)
            #expect(try await ana.standing() == .accepted)

            server.time.advance(bySeconds: 900)
            #expect(try await server.tryToSignIn("ana").status == 200)
        }
    }

    @Test func `guesses at a name that nobody has are slowed down alike`() async throws {
        try await TestServer.run { server in
            var statuses: [Int] = []
            for _ in 1...11 { statuses.append(try await server.tryToSignIn("nobody", "Wrong-pass-1").status) }

            #expect(statuses == Array(repeating: 401, count: 10) + [429])
        }
    }

    @Test func `guesses that are sent all at once get no further than guesses in a row`() async throws {
        try await TestServer.run { server in
            _ = try await server.member("ana")

            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...40 { group.addTask { try await server.tryToSignIn("ana", "Wrong-pass-1").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(statuses.count { $0 == 401 } == 10)
            #expect(statuses.count { $0 == 429 } == 30)
        }
    }

    @Test func `a right password makes the wrong ones before it forgotten`() async throws {
        try await TestServer.run { server in
            _ = try await server.member("ana")
            for _ in 1...3 {
                for _ in 1...9 { #expect(try await server.tryToSignIn("ana", "Wrong-pass-1").status == 401) }
                #expect(try await server.tryToSignIn("ana").status == 200)
            }
        }
    }

    @Test(arguments: [["username": "ana"], ["password": "Member-pass-1"], [:], ["username": "", "password": ""]])
    func `a sign-in with a field missing is refused by its name`(body: [String: String]) async throws {
        try await TestServer.run { server in
            let answer = try await server.rest.post("/api/v1/users/login", body: body)

            #expect(answer.status == 422)
            #expect(answer.problem?.errors.isEmpty == false)
        }
    }

    @Test func `whoever signs out is out, and only there`() async throws {
        try await TestServer.run { server in
            let here = try await server.member("ana")
            let there = try await server.signIn("ana")

            let answer = try await here.logOut()

            #expect(answer.status == 204)
            #expect(try await here.standing() == .ended)
            #expect(try await here.logOut().status == 401)
            #expect(try await here.refresh().status == 401)
            #expect(try await there.standing() == .accepted)
            #expect(try await server.rest.post("/api/v1/users/logout").status == 401)
        }
    }

    @Test func `no request that begins after the answer to a logout is let in`() async throws {
        try await TestServer.run { server in
            _ = try await server.member("ana")
            for _ in 1...20 {
                let ana = try await server.signIn("ana")
                try await ana.logOut().success()
                let standings = try await withThrowingTaskGroup(of: TokenStanding.self) { group in
                    for _ in 1...4 { group.addTask { try await ana.standing() } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(standings == [.ended, .ended, .ended, .ended])
            }
        }
    }
}
