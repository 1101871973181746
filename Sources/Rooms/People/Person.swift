import Accounts
import Core
import Wire

/// An account as the meeting rooms show it. The password's hash is not in it, nor anywhere near.
public struct Person: Codable, Hashable, Sendable {
    /// The roles of this system; whoever has another one elsewhere is an employee here.
    public enum Role: String, Codable, CaseIterable, Sendable {
        case employee
        case admin
        case superadmin
    }

    public let id: UserID
    public let username: String
    public let email: String
    public let role: Role
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    init(_ user: User) {
        id = user.id
        username = user.username
        email = user.email
        role = Role(user.role)
        createdAt = Timestamp(user.createdAt)
        updatedAt = Timestamp(user.updatedAt)
    }
}

extension Person.Role {
    init(_ role: Core.Role) {
        switch role {
        case .employee, .leader, .staff: self = .employee
        case .admin: self = .admin
        case .superadmin: self = .superadmin
        }
    }

    var accountRole: Core.Role {
        switch self {
        case .employee: .employee
        case .admin: .admin
        case .superadmin: .superadmin
        }
    }
}
