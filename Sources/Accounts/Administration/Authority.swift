import Core
import Storage

/// Who may do what to whose account.
enum Authority {
    /// What an administrator is about to do.
    enum Measure {
        /// With the role that the person gets, nil where it stays.
        case changing(to: Role?)
        case deleting
    }

    /// Administrators look after everybody, but only a superadmin makes, changes or removes administrators; and one superadmin always stays.
    ///
    /// - Throws: `AccessError.forbidden`, ``AccountError/lastSuperadmin``.
    static func require(_ actor: Role, mayApply measure: Measure, to target: Role, superadmins: Int) throws {
        guard actor.isAdministrator else { throw AccessError.forbidden }
        let newRole: Role? =
            switch measure {
            case .changing(let role): role ?? target
            case .deleting: nil
            }
        let concernsAdministrator = target.isAdministrator || newRole?.isAdministrator == true
        guard !concernsAdministrator || actor == .superadmin else { throw AccessError.forbidden }
        guard target != .superadmin || newRole == .superadmin || superadmins > 1 else { throw AccountError.lastSuperadmin }
    }
}

extension Transaction {
    /// The account that the caller is about to change or delete. The caller's role is read again: the token may be older than a demotion
    /// that was committed a moment ago.
    ///
    /// - Throws: `AccessError.forbidden`, ``AccountError/notFound``, ``AccountError/lastSuperadmin``.
    func accountToAdminister(_ id: UserID, by measure: Authority.Measure) throws -> AccountRecord {
        let actorID = try context.caller.signedIn().userID
        // All superadmins, too: two of them who demote each other at the same moment would leave none.
        try lock("SELECT id FROM account WHERE id IN \(list: [actorID, id]) OR role = \(Role.superadmin) ORDER BY id")
        let actor = try actingAdministrator()
        guard let target = try account(id) else { throw AccountError.notFound }
        try Authority.require(actor.role, mayApply: measure, to: target.role, superadmins: superadminCount())
        return target
    }

    /// The caller, read again.
    ///
    /// - Throws: `AccessError.forbidden`.
    func actingAdministrator() throws -> AccountRecord {
        guard let actor = try account(context.caller.signedIn().userID) else { throw AuthenticationError.ended }
        guard actor.role.isAdministrator else { throw AccessError.forbidden }
        return actor
    }
}
