import Core
import Storage
import Wire

extension AccountService {
    /// For administrators.
    ///
    /// - Throws: ``AccountError/notFound``.
    func readUser(_ request: ReadUser, in context: CallContext) async throws -> User {
        try context.caller.administrator()
        return try await database.read { snapshot in
            guard let account = try snapshot.account(request.userID) else { throw AccountError.notFound }
            return try snapshot.user(account)
        }
    }

    /// For administrators; ``Authority`` says who may change whom.
    ///
    /// - Throws: ``AccountError``, `AccessError.forbidden`.
    func changeUser(_ request: ChangeUser, in context: CallContext) async throws -> User {
        try context.caller.administrator()
        guard let password = request.password else {
            return try await database.write(for: context) { tx in try tx.changeUser(as: request, passwordHash: nil) }
        }
        let hash = try await hasher.hash(password)
        return try await writeWithPassword(for: context) { tx in try tx.changeUser(as: request, passwordHash: hash) }
    }

    /// For administrators; ``Authority`` says who may delete whom.
    ///
    /// - Throws: ``AccountError``, `AccessError.forbidden`.
    func deleteUser(_ request: DeleteUser, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let account = try tx.accountToAdminister(request.userID, by: .deleting)

            for observer in observers { try observer.accountWillBeDeleted(account.id, in: tx) }
            try tx.deleteSessions(of: account.id)
            try tx.assign(account.id, to: [])
            try tx.anonymize(account.id)

            try tx.emit(Revocation(scope: .account, userID: account.id, at: tx.now), to: SystemChannel.revocations)
            try tx.audit("account.deleted", "account:\(account.id)", before: AuditedAccount(role: account.role))
            return NoContent()
        }
    }
}

extension Transaction {
    fileprivate func changeUser(as request: ChangeUser, passwordHash: String?) throws -> User {
        let before = try accountToAdminister(request.userID, by: .changing(to: request.role))
        let placesBefore = try places(of: before.id)
        let places = request.places.map { Set($0).sorted() } ?? placesBefore

        var account = before
        account.apply(email: request.email, phone: request.phone)
        if let role = request.role { account.role = role }
        if let passwordHash {
            try PasswordStrength.require(request.password, for: account)
            account.passwordHash = passwordHash
        }

        let changed = account.changedFields(since: before) + (places == placesBefore ? [] : ["places"])
        guard !changed.isEmpty else { return try user(before) }
        account = try update(account)
        if places != placesBefore { try assign(account.id, to: places) }
        if passwordHash != nil { try endSessions(of: account.id) }
        if !Set(changed).isDisjoint(with: ["role", "places", "password"]) { try revokeTokens(of: account) }
        try audit(
            "account.changed", "account:\(account.id)", before: AuditedAccount(role: before.role, places: placesBefore),
            after: AuditedAccount(role: account.role, places: places, changed: changed)
        )
        return User(account, places: places)
    }
}
