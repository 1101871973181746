import Core
import Storage
import Wire

/// An account as it is kept. It holds the password's hash and so never leaves this target; ``User`` does.
struct AccountRecord: RowDecodable, Equatable {
    let id: UserID
    var username: String
    var email: String
    var phone: String?
    var passwordHash: String
    var role: Role
    /// Whether the password was given by an administrator: its owner may do nothing but take another.
    var mustChangePassword: Bool
    let createdAt: Instant
    let updatedAt: Instant
    /// Access tokens issued up to this instant are not accepted any more.
    let tokensRevokedAt: Instant?

    init(row: Row) throws {
        id = try row["id"]
        username = try row["username"]
        email = try row["email"]
        phone = try row["phone"]
        passwordHash = try row["password_hash"]
        role = try row["role"]
        mustChangePassword = try row["must_change_password"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        tokensRevokedAt = try row["tokens_revoked_at"]
    }

    /// The names of the fields that differ, for the audit trail: what changed is told, the personal values are not.
    func changedFields(since other: AccountRecord) -> [String] {
        var fields: [String] = []
        if username != other.username { fields.append("username") }
        if email != other.email { fields.append("email") }
        if phone != other.phone { fields.append("phone") }
        if passwordHash != other.passwordHash { fields.append("password") }
        if role != other.role { fields.append("role") }
        return fields
    }
}

extension Role: SQLConvertible {}
