import Core
import Synchronization
import Wire

/// What has been revoked and could still be presented: an access token lives at most ``AccessTokens/lifeSeconds``, so nothing older is kept.
///
/// It grows with revocations in that time, each of which took a sign-in; entries are never dropped before their time.
public final class RevocationIndex: Sendable {
    private struct State {
        var sessions: [SessionID: Instant] = [:]
        var accounts: [UserID: Instant] = [:]
        /// Tokens issued up to this instant have to be renewed.
        var tokens: [UserID: Instant] = [:]
        /// The same for everybody: after a revocation that can't be read.
        var everybody: Instant?
        var sweptAt: Instant?

        mutating func note(_ revocation: Revocation) {
            switch (revocation.scope, revocation.sessionID) {
            case (.session, let session?):
                sessions[session] = max(sessions[session] ?? revocation.at, revocation.at)
            case (.account, _):
                accounts[revocation.userID] = max(accounts[revocation.userID] ?? revocation.at, revocation.at)
            case (.tokens, _), (.session, nil):
                tokens[revocation.userID] = max(tokens[revocation.userID] ?? revocation.at, revocation.at)
            }
        }

        /// Forgets what covers no token any more; at most once a minute, since it looks at everything.
        mutating func sweep(at now: Instant, keptSeconds: Int64) {
            if let sweptAt, now.seconds(since: sweptAt) < 60, now >= sweptAt { return }
            sweptAt = now
            let horizon = now.advanced(bySeconds: -keptSeconds)
            sessions = sessions.filter { $0.value >= horizon }
            accounts = accounts.filter { $0.value >= horizon }
            tokens = tokens.filter { $0.value >= horizon }
        }
    }

    /// Entries stay this much longer than any token they cover, against a clock that is set back.
    private static let marginSeconds: Int64 = 60
    private static let pageEventsMax = 500

    private let state = Mutex(State())
    private let time: any TimeSource

    public init(time: any TimeSource) {
        self.time = time
    }

    /// Reads back what was revoked before this server started. Call it after the hand-over of new events has begun and before the first
    /// token is accepted; what arrives twice does no harm.
    ///
    /// - Throws: what the log throws; the server must not turn ready then.
    public func load(from log: any EventLog) async throws {
        let horizon = time.now.advanced(bySeconds: -(AccessTokens.lifeSeconds + Self.marginSeconds))
        var offset: UInt64?
        var oldest: Instant?
        while true {
            let page = try await log.read(
                channel: SystemChannel.revocations.name, after: offset, limit: Self.pageEventsMax, reverse: true
            )
            for entry in page.entries {
                oldest = apply(entry.data)
                if let oldest, oldest < horizon { return }
                offset = entry.offset
            }
            guard let offset, !page.entries.isEmpty else { break }
            if offset <= 1 { return }
        }
        // The log was pruned inside the horizon: what it has forgotten can't be told from what never was, so everybody renews once.
        if let oldest { state.withLock { $0.everybody = max($0.everybody ?? oldest, oldest) } }
    }

    /// Takes note of a revocation; events of other channels are ignored. Called with each commit, on the writer's thread.
    public func apply(_ event: CommittedEvent) {
        guard event.channel == SystemChannel.revocations.name else { return }
        apply(event.data)
    }

    /// Why a caller's token is not accepted any more; nil while it is.
    func reasonToRefuse(_ caller: SignedInCaller) -> AuthenticationError? {
        state.withLock { state in
            if state.sessions[caller.sessionID] != nil || state.accounts[caller.userID] != nil { return .ended }
            if let revokedAt = state.tokens[caller.userID], caller.issuedAt <= revokedAt { return .expired }
            if let revokedAt = state.everybody, caller.issuedAt <= revokedAt { return .expired }
            return nil
        }
    }

    /// - Returns: when it happened; nil where that can't be read.
    @discardableResult
    private func apply(_ data: RawJSON) -> Instant? {
        let now = time.now
        guard let revocation = try? data.decode(EventEnvelope<Revocation>.self).data else {
            // A newer server may revoke in a way that this one does not know. Rather everybody's tokens than one too few.
            state.withLock { $0.everybody = max($0.everybody ?? now, now) }
            return nil
        }
        state.withLock { state in
            state.note(revocation)
            state.sweep(at: now, keptSeconds: AccessTokens.lifeSeconds + Self.marginSeconds)
        }
        return revocation.at
    }
}
