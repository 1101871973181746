import Core
import Storage

extension AccountService {
    /// - Throws: ``AccountError/usernameTaken``, ``AccountError/emailTaken``.
    public func register(_ request: RegisterUser, in context: CallContext) async throws -> User {
        // Hashing takes a tenth of a second and more: outside of the transaction, which all writers share.
        let hash = try await hasher.hash(request.password)
        return try await writeWithPassword(for: context) { tx in
            try tx.register(request, passwordHash: hash, role: .employee)
        }
    }

    /// Makes the first superadmin, where there is none. For the start of the server, before it listens.
    ///
    /// - Returns: whether an account was made.
    /// - Throws: `ValidationError` for a username or password that registration would refuse, ``AccountError/usernameTaken``.
    public func createSuperadmin(username: String, password: String) async throws -> Bool {
        guard try await database.read({ try $0.superadminCount() }) == 0 else { return false }

        let request = RegisterUser(username: username, email: Self.superadminEmail, password: password)
        var check = Validation()
        request.validate(&check)
        guard check.failures.isEmpty else { throw ValidationError(check.failures) }

        let hash = try await hasher.hash(password)
        let context = CallContext(caller: .anonymous, transport: .system, requestID: "first-start")
        return try await database.writeUnrecorded(by: context) { tx in
            try tx.lock(name: "first superadmin")
            guard try tx.superadminCount() == 0 else { return false }
            _ = try tx.register(request, passwordHash: hash, role: .superadmin)
            return true
        }
    }

    /// An address to which nothing can be sent (RFC 2606), until the superadmin gives a real one.
    private static let superadminEmail = "superadmin@ringside.invalid"
}

extension Transaction {
    func register(_ request: RegisterUser, passwordHash: String, role: Role) throws -> User {
        let account = try insertAccount(request, passwordHash: passwordHash, role: role)
        try audit("account.registered", "account:\(account.id)", after: AuditedAccount(role: role))
        return User(account, places: [])
    }
}
