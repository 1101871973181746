import Core
import Storage
import Wire

extension Snapshot {
    /// - Returns: nil for an account that was deleted, too.
    func account(_ id: UserID) throws -> AccountRecord? {
        try first("SELECT * FROM account WHERE id = \(id) AND deleted_at IS NULL")
    }

    /// The account that a person means who signs in: a username never has an `@`, an e-mail address always does.
    func account(named name: String) throws -> AccountRecord? {
        if name.contains("@") {
            try first("SELECT * FROM account WHERE email_key = \(EmailAddress.key(of: name)) AND deleted_at IS NULL")
        } else {
            try first("SELECT * FROM account WHERE username_key = \(Username.key(of: name)) AND deleted_at IS NULL")
        }
    }

    /// In order of id.
    func users(limit: Int, offset: Int) throws -> [User] {
        let accounts: [AccountRecord] = try all(
            "SELECT * FROM account WHERE deleted_at IS NULL ORDER BY id LIMIT \(limit) OFFSET \(offset)"
        )
        return try users(accounts)
    }

    private func users(_ accounts: [AccountRecord]) throws -> [User] {
        let rows: [Row] = try all(
            "SELECT account_id, place FROM place_assignment WHERE account_id IN \(list: accounts.map(\.id)) ORDER BY place"
        )
        let places = try rows.reduce(into: [UserID: [String]]()) { $0[try $1["account_id"], default: []].append(try $1["place"]) }
        return accounts.map { User($0, places: places[$0.id, default: []]) }
    }

    /// Some accounts by id; deleted ones, too, without their names.
    public func users(_ ids: Set<UserID>) throws -> [UserID: User] {
        let accounts: [AccountRecord] = try all("SELECT * FROM account WHERE id IN \(list: ids.sorted())")
        return Dictionary(uniqueKeysWithValues: try users(accounts).map { ($0.id, $0) })
    }

    func superadminCount() throws -> Int {
        try value("SELECT count(*) FROM account WHERE role = \(Role.superadmin) AND deleted_at IS NULL") ?? 0
    }
}

extension Transaction {
    /// Nobody else changes the account, its sign-ins or its places, or takes room for it, until the transaction ends. To be asked for before
    /// anything that a decision rests on is read, and before any resource is locked.
    func lockAccount(_ id: UserID) throws {
        try lock("SELECT id FROM account WHERE id = \(id)")
    }

    /// - Throws: ``AccountError/usernameTaken``, ``AccountError/emailTaken``.
    func insertAccount(_ request: RegisterUser, passwordHash: String, role: Role) throws -> AccountRecord {
        try namingTakenFields {
            try one(
                """
                INSERT INTO account (username, username_key, email, email_key, phone, password_hash, role, created_at, updated_at)
                VALUES (\(request.username), \(Username.key(of: request.username)), \(request.email), \(EmailAddress.key(of: request.email)),
                    \(request.phone), \(passwordHash), \(role), \(now), \(now))
                RETURNING *
                """
            )
        }
    }

    /// Writes what may change of an account.
    ///
    /// - Throws: ``AccountError/usernameTaken``, ``AccountError/emailTaken``.
    func update(_ account: AccountRecord) throws -> AccountRecord {
        try namingTakenFields {
            try one(
                """
                UPDATE account SET username = \(account.username), username_key = \(Username.key(of: account.username)),
                    email = \(account.email), email_key = \(EmailAddress.key(of: account.email)), phone = \(account.phone),
                    password_hash = \(account.passwordHash), must_change_password = \(account.mustChangePassword), role = \(account.role),
                    updated_at = \(now)
                WHERE id = \(account.id) AND deleted_at IS NULL
                RETURNING *
                """
            )
        }
    }

    /// Leaves a nameless row, which past bookings and the audit trail still refer to; name and address are free again.
    func anonymize(_ id: UserID) throws {
        let name = id.nameOnceDeleted
        try execute(
            """
            UPDATE account SET username = \(name), username_key = \(name), email = \(name), email_key = \(name), phone = NULL,
                password_hash = '', role = \(Role.employee), updated_at = \(now), deleted_at = \(now)
            WHERE id = \(id)
            """
        )
    }

    /// The schema decides whether a name is taken: a look before the write would miss whoever registers at the same moment.
    private func namingTakenFields<Result>(_ write: () throws -> Result) throws -> Result {
        do {
            return try write()
        } catch StorageError.unique(let columns) where columns.contains("username_key") {
            throw AccountError.usernameTaken
        } catch StorageError.unique(let columns) where columns.contains("email_key") {
            throw AccountError.emailTaken
        }
    }
}
