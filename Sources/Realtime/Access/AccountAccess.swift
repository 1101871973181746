import Core
import Wire

/// Decides by Ringside's own accounts: who has signed in connects, the registered rules say who watches what, and a call is an endpoint.
public struct AccountAccess: SessionAccess {
    private let authenticator: any Authenticator
    private let policy: any SubscriptionPolicy
    private let endpoints: (any EndpointCaller)?
    private let namespaces: [String: ChannelOptions]

    /// What holds in the namespaces of `ringside serve` that are more than a log.
    public static let namespaces: [String: ChannelOptions] = [
        "chat": .chat, "chat-live": .live, "support": .chat, "occupancy": .cache,
    ]

    /// - Parameters:
    ///   - endpoints: what calls go to; without it every method is unknown.
    ///   - namespaces: the options of channels by what stands before the first colon; any other channel is a log.
    public init(
        authenticator: any Authenticator, policy: any SubscriptionPolicy, endpoints: (any EndpointCaller)? = nil,
        namespaces: [String: ChannelOptions] = Self.namespaces
    ) {
        self.authenticator = authenticator
        self.policy = policy
        self.endpoints = endpoints
        self.namespaces = namespaces
    }

    public func connect(_ request: ConnectRequest, from source: ConnectionSource) async throws(AccessRefusal) -> Principal {
        let token = request.accessToken
        guard !token.isEmpty else { throw .close(.badRequest) }
        let caller = try await authenticate(token, whenExpired: .error(.tokenExpired))
        guard !caller.mustChangePassword else { throw .error(.permissionDenied) }
        let personal = PersonalChannel(user: caller.userID.rawValue).name
        return Principal(caller, channels: [personal: ChannelGrant(options: named(personal))])
    }

    /// With the token of another sign-in the connection would outlive a logout.
    public func refresh(_ principal: Principal, token: String) async throws(AccessRefusal) -> Principal {
        let newer = try await authenticate(token, whenExpired: .close(.connectionExpired))
        guard let caller = principal.caller, newer.userID == caller.userID, newer.sessionID == caller.sessionID else {
            throw .close(.invalidToken)
        }
        return Principal(newer)
    }

    public func refusal(of principal: Principal) -> AccessRefusal? {
        guard let caller = principal.caller else { return .close(.invalidToken) }
        return authenticator.reasonToRefuse(caller).map { $0 == .expired ? .error(.tokenExpired) : .close(.invalidToken) }
    }

    public func subscribe(
        _ principal: Principal, client: String, _ request: SubscribeRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        do throws(ProtocolError) {
            try await policy.admit(try signedIn(principal), to: request.channel)
        } catch {
            throw .error(error)
        }
        return ChannelGrant(options: named(request.channel))
    }

    /// Only what nobody keeps is published directly; whatever lasts is written by an endpoint, with its rules.
    public func publish(_ principal: Principal, client: ClientInfo, _ request: PublishRequest) async throws(AccessRefusal) {
        guard !named(request.channel).hasLog else { throw .error(.permissionDenied) }
    }

    public func call(_ principal: Principal, client: String, _ request: RPCRequest) async throws(AccessRefusal) -> RPCResult {
        guard let endpoints else { throw .error(.methodNotFound) }
        do throws(ProtocolError) {
            return RPCResult(data: try await endpoints.call(try signedIn(principal), method: request.method, data: request.data))
        } catch {
            throw .error(error)
        }
    }

    private func named(_ channel: String) -> ChannelOptions {
        namespaces[String(ChannelName.namespace(of: channel))] ?? .log
    }

    private func signedIn(_ principal: Principal) throws(ProtocolError) -> SignedInCaller {
        guard let caller = principal.caller else { throw .unauthorized }
        return caller
    }

    private func authenticate(_ token: String, whenExpired refusal: AccessRefusal) async throws(AccessRefusal) -> SignedInCaller {
        do {
            return try await authenticator.authenticate(token: token)
        } catch AuthenticationError.expired {
            throw refusal
        } catch is AuthenticationError {
            throw .close(.invalidToken)
        } catch {
            throw .error(.internalError)
        }
    }
}

extension Principal {
    /// A person who has signed in with an account.
    init(_ caller: SignedInCaller, channels: [String: ChannelGrant] = [:]) {
        self.init(user: "\(caller.userID.rawValue)", expiresAt: caller.expiresAt, caller: caller, channels: channels)
    }
}
