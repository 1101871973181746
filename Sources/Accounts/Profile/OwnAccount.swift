import Core
import Storage

extension AccountService {
    /// - Throws: `AuthenticationError.ended` when the account was deleted a moment ago.
    func readOwnAccount(_: ReadOwnAccount, in context: CallContext) async throws -> User {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard let account = try snapshot.account(caller.userID) else { throw AuthenticationError.ended }
            return try snapshot.user(account)
        }
    }

    /// - Throws: `AccessError.forbidden` for another role, ``AccountError/wrongPassword``, ``AccountError/emailTaken``, ``TooManyAttempts``.
    public func changeOwnAccount(_ request: ChangeOwnAccount, in context: CallContext) async throws -> User {
        let caller = try context.caller.signedIn()
        guard let password = request.password, let oldPassword = request.oldPassword else {
            return try await database.write(for: context) { tx in
                try tx.changeOwnAccount(of: caller, as: request, password: nil)
            }
        }
        let exchange = try await exchange(oldPassword, for: password, of: caller, in: context)
        return try await writeWithPassword(for: context) { tx in
            try tx.changeOwnAccount(of: caller, as: request, password: exchange)
        }
    }

    /// Checks the old password and hashes the new one, before the transaction. A wrong one is refused only inside of it: a repeat of a
    /// request that has succeeded gets its stored answer, though the old password is wrong by then.
    private func exchange(
        _ oldPassword: String, for password: String, of caller: SignedInCaller, in context: CallContext
    ) async throws -> PasswordExchange {
        guard let account = try await database.read({ try $0.account(caller.userID) }) else { throw AuthenticationError.ended }
        // A stolen access token must not become a way to guess the password without the limits of the sign-in.
        let isRight = try await attempt(as: account.username, from: context.remoteAddress) {
            try await hasher.verify(oldPassword, against: account.passwordHash)
        }
        guard isRight else { return PasswordExchange(checkedHash: account.passwordHash, newHash: nil) }
        return PasswordExchange(checkedHash: account.passwordHash, newHash: try await hasher.hash(password))
    }
}

/// A password change that waits for its transaction.
private struct PasswordExchange: Sendable {
    /// What the old password was checked against; it decides only while it is still the account's hash.
    let checkedHash: String
    /// Nil when the old password was wrong.
    let newHash: String?
}

extension Transaction {
    fileprivate func changeOwnAccount(
        of caller: SignedInCaller, as request: ChangeOwnAccount, password: PasswordExchange?
    ) throws -> User {
        try lockAccount(caller.userID)
        guard let before = try account(caller.userID) else { throw AuthenticationError.ended }
        guard request.role == nil || request.role == before.role else { throw AccessError.forbidden }

        // Until there is another password it is not certain who this is.
        guard password != nil || !before.mustChangePassword else { throw AccessError.mustChangePassword }
        var account = before
        account.apply(email: request.email, phone: request.phone)
        if let password {
            guard let newHash = password.newHash, password.checkedHash == before.passwordHash else { throw AccountError.wrongPassword }
            try PasswordStrength.require(request.password, for: account)
            // The given one is known to somebody else.
            guard !before.mustChangePassword || request.password != request.oldPassword else { throw AccessError.mustChangePassword }
            account.passwordHash = newHash
            account.mustChangePassword = false
        }

        let changed = account.changedFields(since: before)
        guard !changed.isEmpty else { return try user(before) }
        account = try update(account)
        if password != nil {
            try endSessions(of: account.id, except: caller.sessionID)
            try revokeTokens(of: account)
        }
        try audit("account.changed", "account:\(account.id)", after: AuditedAccount(role: account.role, changed: changed))
        return try user(account)
    }
}

extension AccountRecord {
    /// What is nil stays; an empty phone number is none.
    mutating func apply(email: String?, phone: String?) {
        if let email { self.email = email }
        if let phone { self.phone = phone.isEmpty ? nil : phone }
    }
}

extension PasswordStrength {
    /// - Throws: `ValidationError` when the password is one of the account's own words.
    static func require(_ password: String?, for account: AccountRecord) throws {
        guard let password, !isUnlike(password, username: account.username, email: account.email) else { return }
        throw ValidationError([
            FieldFailure(pointer: "/password", code: "strength", detail: "must not be the username or the e-mail address")
        ])
    }
}
