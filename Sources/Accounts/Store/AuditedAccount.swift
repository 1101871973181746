import Core

/// What the audit trail keeps of an account: what it may do, and which fields were changed; never their personal or secret values.
struct AuditedAccount: Codable, Sendable {
    let role: Role
    var places: [String]?
    var changed: [String]?
}
