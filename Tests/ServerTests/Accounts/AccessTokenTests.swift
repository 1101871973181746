import Client
import Core
import Foundation
import ServerTesting
import Testing
import Wire

@testable import Accounts

@Suite(.timeLimit(.minutes(5))) struct AccessTokenTests {
    @Test func `a token is good for fifteen minutes and then asks to be renewed`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            server.time.advance(bySeconds: 899)
            #expect(try await ana.standing() == .accepted)
            server.time.advance(bySeconds: 1)
            #expect(try await ana.standing() == .expired)
            #expect(TokenStanding(try await ana.rest.get("/api/v1/venues")) == .expired)

            let grant: TokenGrant = try await ana.refresh().success().decode()
            #expect(try await server.rest.with(token: grant.accessToken).get("/api/v1/users/me").status == 200)
        }
    }

    @Test func `a token that nobody issued is refused at every door`() async throws {
        let secret = try #require(TokenSecret(configured: String(repeating: "s", count: 32)))
        try await TestServer.run(adjust: { $0.tokenSecret = secret }) { server in
            let ana = try await server.member("ana")
            for (name, token) in try await Forgery.all(of: ana, at: server.time.now) {
                let forger = server.rest.with(token: token)
                #expect(TokenStanding(try await forger.get("/api/v1/users/me")) == .invalid, "\(name)")
                #expect(TokenStanding(try await forger.get("/api/v1/venues")) == .invalid, "\(name) at a public address")
                guard !token.isEmpty else { continue }
                await #expect(throws: ClosedConnection(code: 3500, reason: "invalid token"), "\(name) over a socket") {
                    _ = try await LiveConnection.connect(port: server.port, token: token)
                }
            }
            #expect(try await ana.standing() == .accepted)
        }
    }

    @Test func `the word Bearer is the only scheme, in any case`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            func status(_ credentials: String) async throws -> Int {
                try await server.rest.get("/api/v1/users/me", headers: [("Authorization", credentials)]).status
            }

            for scheme in ["Bearer", "bearer", "BEARER"] { #expect(try await status("\(scheme) \(ana.token)") == 200) }
            for credentials in ["Basic \(ana.token)", ana.token, "Bearer", "Bearer\(ana.token)", "Token \(ana.token)"] {
                #expect(try await status(credentials) == 401)
            }
        }
    }

    @Test func `a change of role makes the old token worthless and the next one carries the new role`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            try await server.change(ana, ["role": "admin"]).success()

            #expect(try await ana.standing() == .expired)
            let grant: TokenGrant = try await ana.refresh().success().decode()
            #expect(grant.user.role == .admin)
            #expect(try await server.rest.with(token: grant.accessToken).get("/api/v1/users/\(server.admin.id)").status == 200)
        }
    }

    @Test func `a token that is taken in the same instant as the change is good`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            for role in ["staff", "leader", "staff", "employee"] {
                try await server.change(ana, ["role": role]).success()
                let again = try await server.signIn("ana")
                #expect(try await again.standing() == .accepted)
            }
        }
    }

    @Test func `a change that takes nothing away leaves the token alone`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            try await server.change(ana, ["role": "employee", "phone": "+86 10 1234"]).success()

            #expect(try await ana.standing() == .accepted)
        }
    }
}

/// Tokens that look like ours.
private enum Forgery {
    static func all(of user: TestUser, at now: Instant) async throws -> [(name: String, token: String)] {
        let parts = user.token.components(separatedBy: ".")
        try #require(parts.count == 3)
        let (header, claims, signature) = (parts[0], parts[1], parts[2])
        let stolen = try #require(TokenSecret(configured: String(repeating: "x", count: 32)))
        let foreign = try await AccessTokens(secret: stolen).issue(to: UserID(user.id), role: .superadmin, session: SessionID(1), at: now)
        let none = base64(#"{"alg":"none","typ":"JWT"}"#)
        return [
            ("signed with another secret", foreign),
            ("no algorithm, no signature", "\(none).\(claims)."),
            ("no algorithm, the old signature", "\(none).\(claims).\(signature)"),
            ("None in another case", "\(base64(#"{"alg":"nOnE","typ":"JWT"}"#)).\(claims)."),
            ("another algorithm", "\(base64(#"{"alg":"HS512","typ":"JWT"}"#)).\(claims).\(signature)"),
            ("an algorithm of public keys", "\(base64(#"{"alg":"RS256","typ":"JWT"}"#)).\(claims).\(signature)"),
            ("a key of the forger's choice", "\(base64(#"{"alg":"HS256","kid":"../../dev/null","typ":"JWT"}"#)).\(claims).\(signature)"),
            ("another role", "\(header).\(try changed(claims, "role", "superadmin")).\(signature)"),
            ("another person", "\(header).\(try changed(claims, "sub", "1")).\(signature)"),
            ("a longer life", "\(header).\(try changed(claims, "exp", 9_999_999_999)).\(signature)"),
            ("the foreign claims under our signature", "\(header).\(foreign.components(separatedBy: ".")[1]).\(signature)"),
            ("without a signature", "\(header).\(claims)"),
            ("an empty signature", "\(header).\(claims)."),
            ("cut by a character", String(user.token.dropLast())),
            ("cut by ten", String(user.token.dropLast(10))),
            ("cut in half", String(user.token.prefix(user.token.count / 2))),
            ("a character more", user.token + "A"),
            ("a part more", user.token + ".A"),
            ("twice", "\(user.token).\(user.token)"),
            ("the refresh token", user.signIn.refreshToken ?? ""),
            ("dots", ".."),
            ("a word", "token"),
            ("three kilobytes", String(repeating: "A", count: 3_000)),
            ("claims that are no object", "\(header).\(base64("[]")).\(signature)"),
            ("nothing", ""),
        ]
    }

    private static func changed(_ claims: String, _ name: String, _ value: any Sendable) throws -> String {
        let padded = claims.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - claims.count % 4) % 4)
        let data = try #require(Data(base64Encoded: padded))
        var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        object[name] = value
        return base64(String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self))
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
