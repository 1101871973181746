import Core
import Storage
import Wire

/// A person's account as its owner and administrators see it.
public struct User: Codable, Hashable, Sendable, Located {
    public let id: UserID
    public let username: String
    public let email: String
    public let phone: String?
    public let role: Role
    /// What a member of staff serves: `venue:12`.
    public let places: [String]
    public let createdAt: Instant
    public let updatedAt: Instant

    public var resourcePath: String { "/api/v1/users/\(id)" }

    init(_ account: AccountRecord, places: [String]) {
        id = account.id
        username = account.username
        email = account.email
        phone = account.phone
        role = account.role
        self.places = places
        createdAt = account.createdAt
        updatedAt = account.updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, username, email, phone, role, places
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension Snapshot {
    func user(_ account: AccountRecord) throws -> User {
        User(account, places: try places(of: account.id))
    }
}
