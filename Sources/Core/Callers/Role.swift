/// What an account may do in general; which places a member of staff serves is an assignment of its own.
public enum Role: String, Codable, CaseIterable, Sendable {
    case employee
    case leader
    case staff
    case admin
    case superadmin

    /// May change venues, slots and people.
    public var isAdministrator: Bool { self == .admin || self == .superadmin }
}
