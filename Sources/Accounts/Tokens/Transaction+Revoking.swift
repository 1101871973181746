import Core
import Storage
import Wire

extension Transaction {
    /// Makes all access tokens of a person worthless that were issued so far; sign-ins live on, and their refresh tokens give new ones.
    ///
    /// The instant is never before the last token's that was taken after an earlier revocation, even where the clock stands still.
    func revokeTokens(of account: AccountRecord) throws {
        let at = issueTime(for: account)
        try execute("UPDATE account SET tokens_revoked_at = \(at) WHERE id = \(account.id)")
        try emit(Revocation(scope: .tokens, userID: account.id, at: at), to: SystemChannel.revocations)
    }
}

extension Snapshot {
    /// The instant that a token of the account bears: now, but always after the last revocation, or a token that is taken in the same
    /// microsecond would be born revoked.
    func issueTime(for account: AccountRecord) -> Instant {
        guard let revokedAt = account.tokensRevokedAt, revokedAt >= now else { return now }
        return Instant(microseconds: revokedAt.microseconds + 1)
    }
}
