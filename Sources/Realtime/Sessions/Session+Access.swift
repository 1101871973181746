import Core
import Wire

/// What a session asks of its ``SessionAccess``, off the event loop, and how it takes the answers.
extension Session {
    func connect(_ request: ConnectRequest) {
        let (access, roster, source, client) = (shard.access, shard.roster, source, state.client)
        let wanted = state.mode == .unidirectional ? request.namedSubs : []
        let channelsMax = shard.settings.channelsMax
        // Nobody asks for them again.
        self.source.headers = [:]
        ask { () async throws(AccessRefusal) in
            var principal = try await access.connect(request, from: source)
            // Who can't subscribe later names the channels now. One that is not granted is missing from the result, which says so; one that
            // could not be asked about would be missing for as long as the connection lasts.
            for request in wanted where principal.channels[request.channel] == nil && principal.channels.count < channelsMax {
                do throws(AccessRefusal) {
                    principal.channels[request.channel] = try await access.subscribe(principal, client: client, request)
                } catch .error(let error) where error.temporary {
                    throw .error(error)
                } catch {}
            }
            let elsewhere = principal.user.isEmpty ? 0 : await roster?.connections(of: principal.user) ?? 0
            return Newcomer(principal: principal, elsewhere: elsewhere)
        } then: { [self] result in
            guard !state.isClosed else { return }
            let decision = decide(result.map(\.principal), elsewhere: (try? result.get().elsewhere) ?? 0)
            step { $0.authenticated(decision, at: $1) }
        }
    }

    func refresh(_ token: String) {
        guard let principal = state.principal else { return }
        let access = shard.access
        ask { () async throws(AccessRefusal) in
            try await access.refresh(principal, token: token)
        } then: { [self] result in
            guard !state.isClosed else { return }
            let decision = decide(result)
            step { $0.refreshed(decision, at: $1) }
        }
    }

    func admit(_ request: SubscribeRequest) {
        guard let principal = state.principal else { return }
        let (access, client) = (shard.access, state.client)
        ask { () async throws(AccessRefusal) in
            try await access.subscribe(principal, client: client, request)
        } then: { [self] result in
            let answer = result.map(admission)
            step { $0.admitted(to: request.channel, answer, at: $1) }
        }
    }

    func refreshSubscription(_ id: UInt32, _ request: SubRefreshRequest) {
        guard let principal = state.principal else { return }
        let (access, client) = (shard.access, state.client)
        ask { () async throws(AccessRefusal) in
            try await access.refreshSubscription(principal, client: client, request)
        } then: { [self] result in
            let answer = result.map(admission)
            step { $0.subscriptionRefreshed(request.channel, id, answer, at: $1) }
        }
    }

    func publish(_ request: PublishRequest, _ info: ClientInfo, _ known: ChannelOptions?) {
        guard let principal = state.principal, let data = request.data else { return }
        let access = shard.access
        guard let options = known ?? access.options(of: request.channel).flatMap({ $0.publishForClient ? $0 : nil }) else {
            return step { state, _ in state.published(.failure(.error(.permissionDenied))) }
        }
        ask { () async throws(AccessRefusal) in
            try await access.publish(principal, client: info, request)
        } then: { [self] result in
            if case .success = result, !options.hasLog {
                shard.tellEveryone(.publication(Publication(data: data, info: info)), on: request.channel)
            }
            step { state, _ in state.published(result) }
        }
    }

    func call(_ id: UInt32, _ request: RPCRequest) {
        guard let principal = state.principal else { return }
        let (access, client) = (shard.access, state.client)
        ask { () async throws(AccessRefusal) in
            try await access.call(principal, client: client, request)
        } then: { [self] result in
            step { state, _ in state.called(id: id, result) }
        }
    }

    func pass(_ request: SendRequest) {
        guard let principal = state.principal else { return }
        let (access, client) = (shard.access, state.client)
        ask { () async throws(AccessRefusal) in
            try await access.message(principal, client: client, request)
        } then: { [self] result in
            step { state, _ in state.messageTaken(result) }
        }
    }

    private func ask<Value: Sendable>(
        _ question: @escaping @Sendable () async throws(AccessRefusal) -> Value,
        then answer: @escaping (Result<Value, AccessRefusal>) -> Void
    ) {
        shard.tasks.run { () -> Result<Value, AccessRefusal> in
            do throws(AccessRefusal) {
                return .success(try await question())
            } catch {
                return .failure(error)
            }
        } then: {
            answer($0)
        }
    }

    /// - Parameter elsewhere: how many connections the user has on other nodes.
    private func decide(_ result: Result<Principal, AccessRefusal>, elsewhere: Int = 0) -> TokenDecision {
        switch result {
        case .success(let principal):
            // The sign-in may have ended while the token was looked at; what ends after this finds the connection by its user.
            if let refusal = shard.access.refusal(of: principal) {
                return .refused(signedInUser == nil ? refusal : .close(refusal.ending))
            }
            guard !shard.ledger.isDraining else { return .refused(.close(.shutdown)) }
            let ttl = principal.expiresAt.map(secondsLeft)
            if signedInUser == nil {
                if let ttl, ttl <= 0 { return .refused(.error(.tokenExpired)) }
                guard signIn(as: principal.user, elsewhere: elsewhere) else { return .refused(.close(.connectionLimit)) }
            }
            return .accepted(principal, ttlSeconds: ttl, channels: principal.channels.mapValues(admission))
        case .failure(let refusal): return .refused(refusal)
        }
    }

    func admission(_ grant: ChannelGrant) -> Admission {
        Admission(grant: grant, ttlSeconds: grant.expiresAt.map(secondsLeft))
    }

    func secondsLeft(until instant: Instant) -> Int { Int(clamping: instant.seconds(since: shard.time.now)) }
}

/// Somebody who may connect.
private struct Newcomer: Sendable {
    let principal: Principal
    /// Connections on other nodes.
    let elsewhere: Int
}

extension ConnectRequest {
    /// What ``subs`` asks for, with the channels' names; those that can't be one are left out.
    fileprivate var namedSubs: [SubscribeRequest] {
        subs.filter { !$0.key.isEmpty && $0.key.utf8.count <= ChannelName.bytesMax }.map { channel, request in
            var named = request
            named.channel = channel
            return named
        }
    }
}
