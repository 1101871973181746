import Client
import Rooms
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(2))) struct PasswordTests {
    @Test func `one's own password needs the old one and ends the token it was asked with`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let path = "/users/\(ana.id)/password"

            let missing = try await ana.meet("PATCH", path, #"{"newPassword":"Meeting-88"}"#)
            #expect(missing.status == 400)
            #expect(try missing.refusal.errors?.map(\.pointer) == ["/oldPassword"])
            let wrong = try await ana.meet("PATCH", path, #"{"oldPassword":"Meeting-00","newPassword":"Meeting-88"}"#)
            #expect(try wrong.status == 400 && wrong.refusal.errors?.map(\.pointer) == ["/oldPassword"])
            let weak = try await ana.meet("PATCH", path, #"{"oldPassword":"Member-pass-1","newPassword":"weak"}"#)
            #expect(try weak.refusal.errors?.allSatisfy { $0.pointer == "/newPassword" } == true)

            try await ana.meet("PATCH", path, #"{"oldPassword":"Member-pass-1","newPassword":"Meeting-88"}"#).success()
            #expect(try await ana.meet("GET", "/rooms").status == 401)
            #expect(try await server.rest.meet("POST", "/auth/login", #"{"username":"ana","password":"Member-pass-1"}"#).status == 401)
            let again = try await server.signIn("ana", password: "Meeting-88")
            #expect(try await again.meet("GET", "/rooms").status == 200)
        }
    }

    @Test func `nobody but administrators changes somebody else's password`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let body = #"{"oldPassword":"Member-pass-1","newPassword":"Meeting-88"}"#
            #expect(try await ben.meet("PATCH", "/users/\(ana.id)/password", body).status == 403)
        }
    }

    @Test func `a password that an administrator gave is good for nothing but for taking another`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let path = "/users/\(ana.id)/password"
            try await server.admin.meet("PATCH", path, #"{"newPassword":"Given-pass-7"}"#).success()
            #expect(try await ana.meet("GET", "/rooms").status == 401)

            let login = try await server.rest.meet("POST", "/auth/login", #"{"username":"ana","password":"Given-pass-7"}"#)
            let given = server.rest.with(token: try login.payload(Tokens.self).accessToken)
            for (method, address) in [("GET", "/rooms"), ("GET", "/reservations/user"), ("POST", "/reservations")] {
                let refused = try await given.meet(method, address)
                #expect(refused.status == 403)
                #expect(try refused.refusal.code == "access.must_change_password")
            }
            #expect(try await given.get("/api/v1/reservations").problem?.code == "access.must_change_password")
            await #expect(throws: (any Error).self) {
                _ = try await LiveConnection.connect(port: server.port, token: given.token ?? "", positions: [:])
            }
            #expect(
                try await given.meet("PATCH", path, #"{"oldPassword":"Given-pass-7","newPassword":"Given-pass-7"}"#).status == 403
            )
            try await given.meet("PATCH", path, #"{"oldPassword":"Given-pass-7","newPassword":"Meeting-88"}"#).success()

            let own = try await server.signIn("ana", password: "Meeting-88")
            #expect(try await own.meet("GET", "/rooms").status == 200)
        }
    }

    private struct Tokens: Decodable {
        let accessToken: String

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
        }
    }
}
