import Accounts
import Client
import Foundation
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RefreshTests {
    @Test func `each refresh token buys one pair, and the new pair goes on`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            var seen: Set = [ana.signIn.refreshToken]
            var refreshToken = ana.signIn.refreshToken
            for _ in 1...5 {
                let answer = try await ana.refresh(refreshToken)
                #expect(answer.header("Cache-Control") == "no-store")
                let grant: TokenGrant = try answer.success().decode()
                #expect(try await server.rest.with(token: grant.accessToken).get("/api/v1/users/me").status == 200)
                #expect(seen.insert(grant.refreshToken).inserted)
                refreshToken = grant.refreshToken
            }
        }
    }

    @Test func `a refresh token that comes twice ends the sign-in with all its tokens`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let other = try await server.signIn("ana")
            let grant: TokenGrant = try await ana.refresh().success().decode()

            #expect(TokenStanding(try await ana.refresh()) == .ended)

            #expect(try await ana.standing() == .ended)
            #expect(try await server.standing(of: grant.accessToken) == .ended)
            #expect(try await ana.refresh(grant.refreshToken).status == 401)
            #expect(try await other.standing() == .accepted)
            #expect(try await other.refresh().status == 200)
        }
    }

    @Test func `of two who use one refresh token at once at most one wins, and the sign-in ends`() async throws {
        try await TestServer.run { server in
            _ = try await server.member("ana")
            for _ in 1...10 {
                let ana = try await server.signIn("ana")
                async let first = ana.refresh()
                async let second = ana.refresh()
                let answers = [try await first, try await second]

                #expect(answers.map(\.status).sorted() == [200, 401])
                let winner: TokenGrant = try #require(answers.first { $0.status == 200 }).decode()
                #expect(try await server.standing(of: winner.accessToken) == .ended)
                #expect(try await ana.refresh(winner.refreshToken).status == 401)
            }
        }
    }

    @Test func `text that never was a refresh token is refused and ends nothing`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let own = try #require(ana.signIn.refreshToken)
            let texts = [
                String(repeating: "A", count: 86), String(own.reversed()), String(own.dropLast(2)) + "==", own.uppercased(), ana.token,
                "x",
            ]
            for text in texts where text != own {
                let status = try await ana.refresh(text).status
                #expect(status == 401 || status == 422)
            }
            #expect(try await ana.refresh("").status == 422)
            #expect(try await server.rest.post("/api/v1/users/token", body: ["refreshToken": own]).status == 422)

            #expect(try await ana.standing() == .accepted)
            #expect(try await ana.refresh().status == 200)
        }
    }

    @Test func `a refresh token lies unused for thirty days at most`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))

            server.time.advance(bySeconds: 30 * 86_400 - 1)
            let grant: TokenGrant = try await ana.refresh().success().decode()
            server.time.advance(bySeconds: 1)

            #expect(try await ben.refresh().status == 401)
            #expect(try await ana.refresh(grant.refreshToken).status == 200)
        }
    }

    @Test func `a hundred sign-ins stand, and the next ends the oldest`() async throws {
        try await TestServer.run { server in
            let first = try await server.member("ana")
            var latest = first
            for _ in 2...100 { latest = try await server.signIn("ana") }
            #expect(try await first.standing() == .accepted)

            let next = try await server.signIn("ana")

            #expect(try await first.standing() == .ended)
            #expect(try await latest.standing() == .accepted)
            #expect(try await next.standing() == .accepted)
        }
    }
}
