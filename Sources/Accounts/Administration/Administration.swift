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

    /// Everybody, in order of id, for administrators.
    public func listUsers(limit: Int, offset: Int, in context: CallContext) async throws -> [User] {
        try context.caller.administrator()
        return try await database.read { try $0.users(limit: limit, offset: offset) }
    }

    /// Makes an account for somebody else, for administrators; ``Authority`` says who may give which role.
    ///
    /// - Throws: ``AccountError/usernameTaken``, ``AccountError/emailTaken``, `AccessError.forbidden`.
    public func createUser(_ request: RegisterUser, role: Role, in context: CallContext) async throws -> User {
        try context.caller.administrator()
        let hash = try await hasher.hash(request.password)
        return try await writeWithPassword(for: context) { tx in
            try Authority.require(
                tx.actingAdministrator().role, mayApply: .changing(to: role), to: .employee, superadmins: tx.superadminCount())
            return try tx.register(request, passwordHash: hash, role: role)
        }
    }

    /// For administrators; ``Authority`` says who may change whom.
    ///
    /// - Throws: ``AccountError``, `AccessError.forbidden`.
    public func changeUser(_ request: ChangeUser, in context: CallContext) async throws -> User {
        try context.caller.administrator()
        return try await change(request, isProven: true, in: context)
    }

    /// Gives somebody another password, for administrators. They need not know the old one; where they name it all the same it must be right.
    ///
    /// - Throws: ``AccountError``, `AccessError.forbidden`, ``TooManyAttempts``.
    public func givePassword(
        _ password: String, to user: UserID, replacing oldPassword: String?, in context: CallContext
    ) async throws -> User {
        try context.caller.administrator()
        var isProven = true
        if let oldPassword {
            guard let account = try await database.read({ try $0.account(user) }) else { throw AccountError.notFound }
            isProven = try await attempt(as: account.username, from: context.remoteAddress) {
                try await hasher.verify(oldPassword, against: account.passwordHash)
            }
        }
        return try await change(ChangeUser(userID: user, password: password), isProven: isProven, in: context)
    }

    private func change(_ request: ChangeUser, isProven: Bool, in context: CallContext) async throws -> User {
        guard let password = request.password else {
            return try await database.write(for: context) { tx in try tx.changeUser(as: request, passwordHash: nil, observers) }
        }
        let hash = try await hasher.hash(password)
        return try await writeWithPassword(for: context) { tx in
            // Only here: a repeat of a request that has succeeded gets its stored answer, though the old password is wrong by then.
            try tx.changeUser(as: request, passwordHash: isProven ? hash : nil, observers)
        }
    }

    /// For administrators; ``Authority`` says who may delete whom.
    ///
    /// - Throws: ``AccountError``, `AccessError.forbidden`.
    public func deleteUser(_ request: DeleteUser, in context: CallContext) async throws -> NoContent {
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
    /// - Parameter passwordHash: of the request's password; nil where there is none, or where the old one was named and is wrong.
    fileprivate func changeUser(
        as request: ChangeUser, passwordHash: String?, _ observers: [any AccountObserver]
    ) throws -> User {
        let before = try accountToAdminister(request.userID, by: .changing(to: request.role))
        let placesBefore = try places(of: before.id)
        let places = request.places.map { Set($0).sorted() } ?? placesBefore

        guard request.password == nil || passwordHash != nil else { throw AccountError.wrongPassword }
        var account = before
        if let username = request.username { account.username = username }
        account.apply(email: request.email, phone: request.phone)
        if let role = request.role { account.role = role }
        if let passwordHash {
            try PasswordStrength.require(request.password, for: account)
            account.passwordHash = passwordHash
            account.mustChangePassword = try account.id != context.caller.signedIn().userID
        }

        let changed = account.changedFields(since: before) + (places == placesBefore ? [] : ["places"])
        guard !changed.isEmpty else { return try user(before) }
        account = try update(account)
        if account.username != before.username {
            for observer in observers { try observer.accountWillBeRenamed(account.id, to: account.username, in: self) }
        }
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
