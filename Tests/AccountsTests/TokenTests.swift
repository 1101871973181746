import Core
import Foundation
import Testing
import Wire

@testable import Accounts

@Suite struct TokenTests {
    private let clock = ManualClock()
    private let user = UserID(7)
    private let session = SessionID(70)

    @Test func `a token names whom it was issued to, to the microsecond`() async throws {
        let (tokens, authenticator, _) = try await tools()
        let issuedAt = Instant(microseconds: clock.now.microseconds + 123_456)
        let caller = try await authenticator.authenticate(token: issue(tokens, at: issuedAt))
        #expect(caller.userID == user)
        #expect(caller.sessionID == session)
        #expect(caller.role == .staff)
        #expect(caller.issuedAt == issuedAt)
        #expect(caller.expiresAt == clock.now.advanced(bySeconds: AccessTokens.lifeSeconds))
    }

    @Test func `a token expires, also when it was verified before`() async throws {
        let (tokens, authenticator, _) = try await tools()
        let token = try await issue(tokens, at: clock.now)
        clock.advance(bySeconds: AccessTokens.lifeSeconds - 1)
        let caller = try await authenticator.authenticate(token: token)
        clock.advance(bySeconds: 1)
        await #expect(throws: AuthenticationError.expired) { try await authenticator.authenticate(token: token) }
        #expect(!authenticator.isStillValid(caller))
    }

    @Test func `forged tokens are not accepted`() async throws {
        let (tokens, authenticator, _) = try await tools()
        let token = try await issue(tokens, at: clock.now)
        let parts = token.split(separator: ".").map(String.init)
        let foreign = await AccessTokens(secret: try #require(TokenSecret(configured: String(repeating: "x", count: 32))))
        let none = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacing("=", with: "")
        let forgeries = [
            "", "a.b.c", parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".", none + "." + parts[1] + ".",
            none + "." + parts[1] + "." + parts[2], parts[0] + "." + parts[1].dropLast() + "A." + parts[2],
            try await issue(foreign, at: clock.now), String(repeating: "a", count: 100_000),
        ]
        for forgery in forgeries {
            await #expect(throws: AuthenticationError.invalid) { try await authenticator.authenticate(token: forgery) }
        }
    }

    @Test func `the end of a sign-in ends its tokens and no others`() async throws {
        let (tokens, authenticator, revocations) = try await tools()
        let token = try await issue(tokens, at: clock.now)
        let caller = try await authenticator.authenticate(token: token)
        try revocations.apply(event(Revocation(scope: .session, userID: user, sessionID: SessionID(71), at: clock.now), 1))
        #expect(authenticator.isStillValid(caller))
        try revocations.apply(event(Revocation(scope: .session, userID: user, sessionID: session, at: clock.now), 2))
        await #expect(throws: AuthenticationError.ended) { try await authenticator.authenticate(token: token) }
        #expect(!authenticator.isStillValid(caller))
    }

    @Test func `after a change of role older tokens must be renewed and newer ones are good`() async throws {
        let (tokens, authenticator, revocations) = try await tools()
        let token = try await issue(tokens, at: clock.now)
        try revocations.apply(event(Revocation(scope: .tokens, userID: user, at: clock.now), 1))
        await #expect(throws: AuthenticationError.expired) { try await authenticator.authenticate(token: token) }
        let renewed = try await issue(tokens, at: Instant(microseconds: clock.now.microseconds + 1))
        _ = try await authenticator.authenticate(token: renewed)
    }

    @Test func `the end of an account ends all its tokens`() async throws {
        let (tokens, authenticator, revocations) = try await tools()
        try revocations.apply(event(Revocation(scope: .account, userID: user, at: clock.now), 1))
        let token = try await issue(tokens, at: clock.now.advanced(bySeconds: 1))
        await #expect(throws: AuthenticationError.ended) { try await authenticator.authenticate(token: token) }
    }

    @Test func `a revocation that can't be read makes everybody renew`() async throws {
        let (tokens, authenticator, revocations) = try await tools()
        let caller = try await authenticator.authenticate(token: issue(tokens, at: clock.now))
        let position = StreamPosition(epoch: "e", offset: 1)
        revocations.apply(CommittedEvent(channel: "calendar:venue:1", position: position, data: RawJSON("{}")))
        #expect(authenticator.isStillValid(caller))
        revocations.apply(CommittedEvent(channel: SystemChannel.revocations.name, position: position, data: RawJSON("{}")))
        #expect(!authenticator.isStillValid(caller))
    }

    @Test func `a node that may have missed a revocation lets nobody in until it has caught up`() async throws {
        let lease = LogLease()
        let (tokens, authenticator, _) = try await tools(lease)
        let token = try await issue(tokens, at: clock.now)
        await #expect(throws: LogBehind()) { try await authenticator.authenticate(token: token) }
        lease.renew(from: .now - .seconds(LogLease.seconds + 1))
        await #expect(throws: LogBehind()) { try await authenticator.authenticate(token: token) }
        lease.renew(from: .now)
        let caller = try await authenticator.authenticate(token: token)
        try authenticator.confirm(caller)
        // A look that ends late says nothing of the time since it began.
        lease.renew(from: .now - .seconds(10))
        #expect(lease.isCurrent)
    }

    @Test func `a cache keeps to its bound and still knows what is used`() {
        let cache = TokenCache(tokensMax: 8)
        let caller = SignedInCaller(userID: user, role: .staff, sessionID: session, issuedAt: clock.now, expiresAt: clock.now)
        cache.remember(caller, for: "used")
        for index in 0..<100 {
            cache.remember(caller, for: "other\(index)")
            #expect(cache.caller(of: "used") == caller)
        }
        #expect(cache.caller(of: "other0") == nil)
    }

    private func tools(_ lease: LogLease? = nil) async throws -> (AccessTokens, TokenAuthenticator, RevocationIndex) {
        let secret = try #require(TokenSecret(configured: "an example secret of 32 bytes and more"))
        let tokens = await AccessTokens(secret: secret)
        let revocations = RevocationIndex(time: clock)
        return (tokens, TokenAuthenticator(tokens: tokens, revocations: revocations, lease: lease, time: clock), revocations)
    }

    private func issue(_ tokens: AccessTokens, at issuedAt: Instant) async throws -> String {
        try await tokens.issue(to: user, role: .staff, session: session, at: issuedAt)
    }
}
