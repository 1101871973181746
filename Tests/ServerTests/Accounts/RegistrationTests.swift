import Accounts
import Client
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RegistrationTests {
    private static let path = "/api/v1/users/register"
    private static let sound = ["username": "carla", "email": "carla@example.org", "password": "Blue-door-7"]

    @Test func `whoever registers gets an account as an employee and an answer without secrets`() async throws {
        try await TestServer.run { server in
            let answer = try await server.rest.post(
                Self.path, body: Self.sound.merging(["phone": "+86 10 1234 5678"]) { $1 }
            )

            let user: User = try answer.decode()
            #expect(answer.status == 201)
            #expect(answer.header("Location") == "/api/v1/users/\(user.id)")
            #expect((user.username, user.email, user.phone) == ("carla", "carla@example.org", "+86 10 1234 5678"))
            #expect(user.role == .employee)
            #expect(!answer.text.lowercased().contains("password") && !answer.text.contains("scrypt"))
        }
    }

    @Test(
        arguments: [
            ("username", "ab"), ("username", ""), ("username", "   "), ("username", "two words"), ("username", "carla@home"),
            ("username", String(repeating: "c", count: 65)), ("username", "car\u{0}la"),
            ("email", "carla"), ("email", "carla@localhost"), ("email", "car la@example.org"), ("email", "carla@@example.org"),
            ("email", "@example.org"), ("email", "carla@-example.org"), ("email", String(repeating: "c", count: 65) + "@example.org"),
            ("password", "Short-1"), ("password", "12345678"), ("password", "onlyletters"), ("password", "carla@example.org"),
            ("password", String(repeating: "aB3-", count: 33)),
            ("phone", "call me"), ("phone", "1"), ("phone", ""),
        ]
    )
    func `a rule that is broken is answered with the name of its field`(field: String, value: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.rest.post(Self.path, body: Self.sound.merging([field: value]) { $1 })

            #expect(answer.status == 422)
            #expect(answer.problem?.errors.map(\.pointer).contains("/\(field)") == true)
            #expect(try await server.tryToSignIn("carla", "Blue-door-7").status == 401)
        }
    }

    @Test(arguments: ["username", "email", "password"])
    func `a field that is missing is named`(field: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.rest.post(Self.path, body: Self.sound.filter { $0.key != field })

            #expect(answer.status == 422)
            #expect(answer.problem?.errors.map(\.pointer) == ["/\(field)"])
            #expect(answer.problem?.errors.map(\.code) == ["required"])
        }
    }

    @Test func `a password like the username is refused though it is long and mixed`() async throws {
        try await TestServer.run { server in
            let body = ["username": "Carla-2026", "email": "c@example.org", "password": "carla-2026"]

            let answer = try await server.rest.post(Self.path, body: body)
            #expect(answer.problem?.errors.map(\.code) == ["strength"])
        }
    }

    @Test func `nobody registers with a role`() async throws {
        try await TestServer.run { server in
            let answer = try await server.rest.post(Self.path, body: Self.sound.merging(["role": "superadmin", "id": "1"]) { $1 })

            #expect(answer.status == 201)
            let carla = try await server.signIn("carla", password: "Blue-door-7")
            #expect(try await carla.account().role == .employee)
        }
    }

    @Test func `a name is taken in any case and width`() async throws {
        try await TestServer.run { server in
            try await server.rest.post(Self.path, body: Self.sound).success()

            for name in ["carla", "CARLA", "ｃａｒｌａ"] {
                let answer = try await server.rest.post(
                    Self.path, body: Self.sound.merging(["username": name, "email": "x@example.org"]) { $1 })
                #expect(answer.status == 409)
                #expect(answer.problem?.code == "account.username_taken")
            }
            let answer = try await server.rest.post(
                Self.path, body: Self.sound.merging(["username": "clara", "email": "CARLA@Example.org"]) { $1 })
            #expect(answer.status == 409)
            #expect(answer.problem?.code == "account.email_taken")
        }
    }

    @Test(arguments: ["username", "email"])
    func `of twenty who want the same name at once exactly one gets it`(contested: String) async throws {
        try await TestServer.run { server in
            let answers = try await withThrowingTaskGroup(of: RESTResponse.self) { group in
                for number in 0..<20 {
                    var body = ["username": "user\(number)", "email": "user\(number)@example.org", "password": "Blue-door-\(number)"]
                    body[contested] = Self.sound[contested]
                    group.addTask { [body] in try await server.rest.post(Self.path, body: body) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(answers.count { $0.status == 201 } == 1)
            #expect(answers.count { $0.status == 409 && $0.problem?.code == "account.\(contested)_taken" } == 19)
        }
    }

    @Test func `a registration that is sent again with its key makes no second account`() async throws {
        try await TestServer.run { server in
            let first = try await server.rest.post(Self.path, body: Self.sound, headers: [("Idempotency-Key", "try-1")])
            let second = try await server.rest.post(Self.path, body: Self.sound, headers: [("Idempotency-Key", "try-1")])

            #expect((first.status, second.status) == (201, 201))
            #expect(first.body == second.body)
            #expect(second.header("Idempotent-Replayed") == "true")
        }
    }
}
