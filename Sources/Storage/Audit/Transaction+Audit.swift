import Core
import Wire

extension Transaction {
    /// Writes a line of the audit trail, which nobody can change or remove afterwards; who, when, by which request and by what way come from
    /// the context. It names the release of the time zone data, too: with another one the same wall time can be another instant.
    ///
    /// - Parameters:
    ///   - action: what was done, `noun.past-verb`.
    ///   - thing: to what, `noun:id`.
    ///   - before: the thing as it was; nothing secret in it.
    ///   - after: the thing as it is now.
    /// - Throws: ``StorageError``, `EncodingError`.
    public func audit(_ action: String, _ thing: String, before: (any Encodable)? = nil, after: (any Encodable)? = nil) throws {
        try post(
            """
            INSERT INTO audit (at, actor, action, thing, before, after, request_id, transport, tzdata)
            VALUES (\(now), \(context.accountID), \(action), \(thing), \(before.map { try RawJSON(encoding: $0) }),
                \(after.map { try RawJSON(encoding: $0) }), \(context.requestID), \(context.transport.rawValue),
                \(timeZoneVersion))
            """
        )
    }
}

extension CallContext {
    /// The account on whose behalf the call is made; nil for nobody in particular and for the server itself.
    var accountID: UserID? {
        guard case .user(let user) = caller else { return nil }
        return user.userID
    }
}
