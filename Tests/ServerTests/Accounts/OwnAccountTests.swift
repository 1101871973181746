import Accounts
import Client
import Core
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct OwnAccountTests {
    private static let path = "/api/v1/users/me"

    @Test func `everybody reads his own account and nobody's secret`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            let answer = try await ana.rest.get(Self.path)
            let user: User = try answer.success().decode()
            #expect((user.id.rawValue, user.username, user.email, user.role) == (ana.id, "ana", "ana@example.org", .employee))
            #expect(!answer.text.contains("password") && !answer.text.contains("scrypt"))

            let nobody = try await server.rest.get(Self.path)
            #expect(nobody.status == 401)
            #expect(nobody.problem?.code == "access.unauthenticated")
            #expect(nobody.header("WWW-Authenticate") == "Bearer")
            #expect(try await server.rest.put(Self.path, body: ["phone": "+86 10 1234"]).status == 401)
        }
    }

    @Test func `what is not mentioned stays, and an empty phone number removes it`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            try await ana.rest.put(Self.path, body: ["phone": "+86 10 1234"]).success()
            #expect(try await ana.account().phone == "+86 10 1234")
            try await ana.rest.put(Self.path, body: ["email": "ana@new.example"]).success()
            #expect(try await ana.account().phone == "+86 10 1234")
            #expect(try await ana.account().email == "ana@new.example")
            try await ana.rest.put(Self.path, body: ["phone": ""]).success()
            #expect(try await ana.account().phone == nil)

            #expect(try await server.tryToSignIn("ana@example.org").status == 401)
            #expect(try await server.tryToSignIn("ana@new.example").status == 200)
            #expect(try await ana.standing() == .accepted)
        }
    }

    @Test func `an address that is wrong or taken is refused and changes nothing`() async throws {
        try await TestServer.run { server in
            let members = try await server.members("ana", "ben")
            let ana = members[0]

            let wrong = try await ana.rest.put(Self.path, body: ["email": "nowhere", "phone": "+86 10 1234"])
            #expect(wrong.status == 422)
            #expect(wrong.problem?.errors.map(\.pointer) == ["/email"])
            let taken = try await ana.rest.put(Self.path, body: ["email": "BEN@example.org", "phone": "+86 10 1234"])
            #expect(taken.status == 409)
            #expect(taken.problem?.code == "account.email_taken")

            #expect(try await ana.account().email == "ana@example.org")
            #expect(try await ana.account().phone == nil)
        }
    }

    @Test(arguments: [Role.leader, .staff, .admin, .superadmin])
    func `nobody raises himself`(role: Role) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            #expect(try await ana.rest.put(Self.path, body: ["role": role.rawValue, "phone": "+86 10 1234"]).status == 403)
            #expect(try await ana.rest.put("/api/v1/users/\(ana.id)", body: ["role": role.rawValue]).status == 403)

            #expect(try await ana.account().role == .employee)
            #expect(try await ana.account().phone == nil)
            #expect(try await ana.rest.put(Self.path, body: ["role": "employee", "phone": "+86 10 1234"]).status == 200)
            #expect(try await ana.standing() == .accepted)
        }
    }

    @Test func `fields that are not of the account are passed over`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            let body = ["id": "1", "user_id": "1", "username": "root", "places": "venue:1", "password_hash": "x"]
            try await ana.rest.put(Self.path, body: body).success()

            let user = try await ana.account()
            #expect((user.id.rawValue, user.username, user.places) == (ana.id, "ana", []))
        }
    }

    @Test func `a new password needs the old one`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            let missing = try await ana.rest.put(Self.path, body: ["password": "New-pass-22"])
            #expect(missing.status == 422)
            #expect(missing.problem?.errors.map(\.pointer) == ["/old_password"])
            let wrong = try await ana.changePassword(to: "New-pass-22", from: "Wrong-pass-1")
            #expect(wrong.status == 422)
            #expect(wrong.problem?.code == "account.wrong_password")
            #expect(try await ana.changePassword(to: "weak").problem?.errors.map(\.pointer).contains("/password") == true)
            #expect(try await ana.changePassword(to: "ana@example.org").problem?.errors.map(\.code) == ["strength"])

            #expect(try await server.tryToSignIn("ana").status == 200)
            #expect(try await ana.standing() == .accepted)
        }
    }

    @Test func `a new password ends the other sign-ins and has this one renewed`() async throws {
        try await TestServer.run { server in
            let here = try await server.member("ana")
            let there = try await server.signIn("ana")

            #expect(try await here.changePassword(to: "New-pass-22").status == 200)

            #expect(try await here.standing() == .expired)
            #expect(try await there.standing() == .ended)
            #expect(try await there.refresh().status == 401)
            let grant: TokenGrant = try await here.refresh().success().decode()
            #expect(try await server.rest.with(token: grant.accessToken).get(Self.path).status == 200)
            #expect(try await server.tryToSignIn("ana").status == 401)
            #expect(try await server.tryToSignIn("ana", "New-pass-22").status == 200)
        }
    }

    @Test func `a stolen access token is no way to guess the password`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            for _ in 1...10 { #expect(try await ana.changePassword(to: "New-pass-22", from: "Wrong-pass-1").status == 422) }

            #expect(try await ana.changePassword(to: "New-pass-22").status == 429)
            #expect(try await server.tryToSignIn("ana").status == 429)
        }
    }

    @Test func `of two password changes at once exactly one counts`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let again = try await server.signIn("ana")

            async let first = ana.changePassword(to: "First-pass-1")
            async let second = again.changePassword(to: "Second-pass-2")
            let succeeded = (try await first.status == 200, try await second.status == 200)

            #expect(succeeded.0 != succeeded.1)
            #expect(try await server.tryToSignIn("ana", "First-pass-1").status == (succeeded.0 ? 200 : 401))
            #expect(try await server.tryToSignIn("ana", "Second-pass-2").status == (succeeded.1 ? 200 : 401))
        }
    }
}
