import Core
import Wire

/// What a session is to do next.
enum SessionAction: Hashable {
    case reply(Reply)
    case push(Push)
    case ping
    /// Prove the token of the connect command; the answer is ``SessionState/authenticated(_:at:)``.
    case authenticate(token: String)
    /// Prove a newer token; the answer is ``SessionState/refreshed(_:at:)``.
    case reauthenticate(token: String)
    /// Ask whether the user may watch the channel; the answer is ``SessionState/admitted(to:refusal:at:)``.
    case admit(channel: String)
    /// Begin to watch; the answer is ``SessionState/joined(_:at:second:)`` or ``SessionState/joinFailed(_:at:)``.
    case join(channel: String, since: StreamPosition?)
    /// Stop watching.
    case leave(channel: String)
    /// Read the log; the answer is ``SessionState/historyRead(id:_:_:)``.
    case readHistory(id: UInt32, HistoryRequest)
    /// The last action of a session.
    case close(Disconnect)
}

/// What came of a token.
enum TokenDecision {
    /// - Parameter ttlSeconds: How long the token still lives.
    case accepted(SignedInCaller, ttlSeconds: Int)
    case expired
    /// The client may try again.
    case refused(ProtocolError)
    case closed(Disconnect)
}
