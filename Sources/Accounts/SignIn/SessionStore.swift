import Core
import Storage
import Wire

/// A sign-in that lives.
struct SessionRecord: RowDecodable {
    let id: SessionID
    let accountID: UserID
    let verifierHash: [UInt8]
    let expiresAt: Instant

    init(row: Row) throws {
        id = try row["id"]
        accountID = try row["account_id"]
        verifierHash = try row["verifier_hash"]
        expiresAt = try row["expires_at"]
    }

    /// How long a refresh token is good; each use begins anew. Thirty days.
    static let lifeSeconds: Int64 = 30 * 86_400

    /// The most sign-ins of one account; the next ends the one that was idle longest.
    static let perAccountMax = 100
}

extension Snapshot {
    func session(presenting token: RefreshToken) throws -> SessionRecord? {
        try first("SELECT * FROM session WHERE selector_hash = \(token.selectorHash)")
    }
}

extension Transaction {
    func startSession(of account: UserID, refreshedBy token: RefreshToken) throws -> SessionRecord {
        try execute("DELETE FROM session WHERE account_id = \(account) AND expires_at <= \(now)")
        let rows: [Row] = try all("SELECT id FROM session WHERE account_id = \(account) ORDER BY expires_at, id")
        for row in rows.dropLast(SessionRecord.perAccountMax - 1) { try endSession(row["id"], of: account) }
        return try one(
            """
            INSERT INTO session (account_id, selector_hash, verifier_hash, created_at, expires_at)
            VALUES (\(account), \(token.selectorHash), \(token.verifierHash), \(now), \(now.advanced(bySeconds: SessionRecord.lifeSeconds)))
            RETURNING *
            """
        )
    }

    func renew(_ session: SessionRecord, with token: RefreshToken) throws {
        try execute(
            """
            UPDATE session SET verifier_hash = \(token.verifierHash), expires_at = \(now.advanced(bySeconds: SessionRecord.lifeSeconds))
            WHERE id = \(session.id)
            """
        )
    }

    /// Ends one sign-in, its access tokens and its sockets.
    func endSession(_ id: SessionID, of account: UserID) throws {
        try execute("DELETE FROM session WHERE id = \(id) AND account_id = \(account)")
        try emit(Revocation(scope: .session, userID: account, sessionID: id, at: now), to: SystemChannel.revocations)
    }

    /// Ends all sign-ins of a person, but for the one that asked.
    func endSessions(of account: UserID, except kept: SessionID? = nil) throws {
        let rows: [Row] = try all("SELECT id FROM session WHERE account_id = \(account) ORDER BY id")
        for row in rows {
            let id: SessionID = try row["id"]
            if id != kept { try endSession(id, of: account) }
        }
    }

    /// Only the rows: for a deletion, whose own revocation covers every sign-in.
    func deleteSessions(of account: UserID) throws {
        try execute("DELETE FROM session WHERE account_id = \(account)")
    }
}
