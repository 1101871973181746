import Core
import Testing
import Wire

@testable import Realtime

@Suite struct AccountAccessTests {
    private struct Policy: SubscriptionPolicy {
        func admit(_ caller: SignedInCaller, to channel: String) async throws(ProtocolError) {
            if channel.hasPrefix("secret") { throw .permissionDenied }
        }
    }

    /// Answers with who called what.
    private struct Echo: EndpointCaller {
        func call(_ caller: SignedInCaller, method: String, data: RawJSON?) async throws(ProtocolError) -> RawJSON {
            guard method != "unknown" else { throw .methodNotFound }
            return RawJSON("[\(caller.userID.rawValue),\"\(method)\",\(data?.text ?? "null")]")
        }
    }

    private let tokens = TokenTable()
    private let caller = SignedInCaller(
        userID: UserID(7), role: .employee, sessionID: SessionID(1), issuedAt: Instant(microseconds: 0),
        expiresAt: Instant(microseconds: 9_000_000)
    )

    private func access(_ endpoints: (any EndpointCaller)? = Echo()) -> AccountAccess {
        tokens.set("good", .caller(caller))
        return AccountAccess(authenticator: tokens, policy: Policy(), endpoints: endpoints)
    }

    private func principal(_ access: AccountAccess) async throws -> Principal {
        try await access.connect(ConnectRequest(token: "good"), from: ConnectionSource())
    }

    @Test func `whoever has signed in comes with the own channel, until the token's end`() async throws {
        let principal = try await principal(access())
        #expect(principal.user == "7")
        #expect(principal.caller == caller)
        #expect(principal.expiresAt == caller.expiresAt)
        #expect(principal.channels == ["personal:#7": ChannelGrant(options: .log)])
    }

    @Test func `somebody anonymous, or with a wrong token, does not come in`() async throws {
        let access = access()
        tokens.set("old", .refused(.expired))
        tokens.set("ended", .refused(.ended))
        tokens.set("slow", .unavailable)
        let cases: [(String, AccessRefusal)] = [
            ("", .close(.badRequest)), ("unknown", .close(.invalidToken)), ("ended", .close(.invalidToken)), ("old", .error(.tokenExpired)),
            ("slow", .error(.internalError)),
        ]
        for (token, refusal) in cases {
            await #expect(throws: refusal) { try await access.connect(ConnectRequest(token: token), from: ConnectionSource()) }
        }
    }

    @Test(
        arguments: [
            ("chat:1", ChannelOptions.chat), ("chat-live:1", .live), ("support:queue", .chat), ("occupancy:gym", .cache),
            ("calendar:venue:1", .log),
        ])
    func `the namespace says what holds in a channel`(channel: String, options: ChannelOptions) async throws {
        let access = access()
        let grant = try await access.subscribe(principal(access), client: "c", SubscribeRequest(channel: channel))
        #expect(grant == ChannelGrant(options: options))
    }

    @Test func `the policy decides who watches`() async throws {
        let access = access()
        let principal = try await principal(access)
        await #expect(throws: AccessRefusal.error(.permissionDenied)) {
            try await access.subscribe(principal, client: "c", SubscribeRequest(channel: "secret:1"))
        }
    }

    @Test func `nobody publishes to a log directly`() async throws {
        let access = access()
        let principal = try await principal(access)
        let info = ClientInfo(user: "7", client: "c")
        try await access.publish(principal, client: info, PublishRequest(channel: "chat-live:1", data: RawJSON("1")))
        await #expect(throws: AccessRefusal.error(.permissionDenied)) {
            try await access.publish(principal, client: info, PublishRequest(channel: "chat:1", data: RawJSON("1")))
        }
    }

    @Test func `a call is an operation of the API`() async throws {
        let access = access()
        let principal = try await principal(access)
        let result = try await access.call(principal, client: "c", RPCRequest(method: "m", data: RawJSON("1")))
        #expect(result.data == RawJSON(#"[7,"m",1]"#))
        await #expect(throws: AccessRefusal.error(.methodNotFound)) {
            try await access.call(principal, client: "c", RPCRequest(method: "unknown"))
        }
        await #expect(throws: AccessRefusal.error(.methodNotFound)) {
            try await self.access(nil).call(principal, client: "c", RPCRequest(method: "m"))
        }
        await #expect(throws: AccessRefusal.close(.notAvailable)) { try await access.message(principal, client: "c", SendRequest()) }
    }
}
