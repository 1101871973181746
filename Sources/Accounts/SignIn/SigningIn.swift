import Core
import Storage
import Wire

extension AccountService {
    /// - Throws: ``AccountError/wrongCredentials``, after the same time whether the name or the password was wrong; ``TooManyAttempts``.
    public func logIn(_ request: LogIn, in context: CallContext) async throws -> TokenGrant {
        var known: AccountRecord?
        let isRight = try await attempt(as: request.username, from: context.remoteAddress) {
            known = try await database.read { try $0.account(named: request.username) }
            let matches = try await hasher.verify(request.password, against: known?.passwordHash)
            return matches && known != nil
        }
        guard isRight, let known else { throw AccountError.wrongCredentials }

        let signedIn = try await database.writeUnrecorded(by: context) { [known] tx in
            // Between the check and here the password may have been changed, or the account deleted.
            try tx.lockAccount(known.id)
            guard let account = try tx.account(known.id), account.passwordHash == known.passwordHash else {
                throw AccountError.wrongCredentials
            }
            let refreshToken = RefreshToken(randomBytes: tx.randomBytes)
            let session = try tx.startSession(of: account.id, refreshedBy: refreshToken)
            try tx.audit("session.started", "session:\(session.id)", after: AuditedSession(account: account.id))
            return try tx.signedIn(account, session: session.id, refreshToken: refreshToken)
        }
        return try await grant(signedIn)
    }

    /// - Throws: `AuthenticationError.ended` for a token that is unknown, too old, or was used before; the last ends the sign-in.
    public func refreshTokens(_ request: RefreshTokens, in context: CallContext) async throws -> TokenGrant {
        guard let token = RefreshToken(text: request.refreshToken) else { throw AuthenticationError.ended }
        let renewed: SignedIn? = try await database.writeUnrecorded(by: context) { tx in
            guard let candidate = try tx.session(presenting: token) else { return nil }
            // Of two that present one token the second must see that the first has used it.
            try tx.lockAccount(candidate.accountID)
            guard let session = try tx.session(presenting: token), session.expiresAt > tx.now,
                let account = try tx.account(session.accountID)
            else { return nil }
            guard token.verifierHash == session.verifierHash else {
                // This must be committed, so it can't be refused by an error in here.
                try tx.endSession(session.id, of: account.id)
                try tx.audit("session.token_reused", "session:\(session.id)", after: AuditedSession(account: account.id))
                return nil
            }
            let next = token.next(randomBytes: tx.randomBytes)
            try tx.renew(session, with: next)
            return try tx.signedIn(account, session: session.id, refreshToken: next)
        }
        guard let renewed else { throw AuthenticationError.ended }
        return try await grant(renewed)
    }

    /// Ends the caller's sign-in: this very token is refused from now on.
    public func logOut(_: LogOut, in context: CallContext) async throws -> NoContent {
        let caller = try context.caller.signedIn()
        return try await database.write(for: context) { tx in
            try tx.lockAccount(caller.userID)
            try tx.endSession(caller.sessionID, of: caller.userID)
            try tx.audit("session.ended", "session:\(caller.sessionID)", after: AuditedSession(account: caller.userID))
            return NoContent()
        }
    }

    private func grant(_ signedIn: SignedIn) async throws -> TokenGrant {
        TokenGrant(
            accessToken: try await tokens.issue(
                to: signedIn.user.id, role: signedIn.user.role, session: signedIn.sessionID, at: signedIn.issuedAt,
                mustChangePassword: signedIn.mustChangePassword
            ),
            tokenType: "bearer",
            expiresIn: Int(AccessTokens.lifeSeconds),
            refreshToken: signedIn.refreshToken.text,
            refreshExpiresIn: Int(SessionRecord.lifeSeconds),
            user: signedIn.user
        )
    }
}

/// What the transaction leaves to be signed.
private struct SignedIn: Sendable {
    let user: User
    let sessionID: SessionID
    let issuedAt: Instant
    let refreshToken: RefreshToken
    let mustChangePassword: Bool
}

/// What the audit trail keeps of a sign-in.
private struct AuditedSession: Codable, Sendable {
    let account: UserID
}

extension Transaction {
    fileprivate func signedIn(_ account: AccountRecord, session: SessionID, refreshToken: RefreshToken) throws -> SignedIn {
        SignedIn(
            user: try user(account), sessionID: session, issuedAt: issueTime(for: account), refreshToken: refreshToken,
            mustChangePassword: account.mustChangePassword
        )
    }
}
