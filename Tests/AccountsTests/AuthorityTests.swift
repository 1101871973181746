import Core
import Testing

@testable import Accounts

@Suite struct AuthorityTests {
    @Test(arguments: [Role.employee, .leader, .staff], [Role.employee, .leader, .staff])
    func `an admin looks after people who are no administrators`(target: Role, newRole: Role) throws {
        try Authority.require(.admin, mayApply: .changing(to: newRole), to: target, superadmins: 1)
        try Authority.require(.admin, mayApply: .deleting, to: target, superadmins: 1)
    }

    @Test(arguments: [Role.admin, .superadmin])
    func `an admin neither makes nor touches administrators`(role: Role) {
        #expect(throws: AccessError.forbidden) {
            try Authority.require(.admin, mayApply: .changing(to: role), to: .employee, superadmins: 2)
        }
        #expect(throws: AccessError.forbidden) {
            try Authority.require(.admin, mayApply: .changing(to: nil), to: role, superadmins: 2)
        }
        #expect(throws: AccessError.forbidden) {
            try Authority.require(.admin, mayApply: .deleting, to: role, superadmins: 2)
        }
    }

    @Test(arguments: [Role.employee, .leader, .staff], Role.allCases)
    func `nobody else administers anybody`(actor: Role, target: Role) {
        #expect(throws: AccessError.forbidden) {
            try Authority.require(actor, mayApply: .changing(to: nil), to: target, superadmins: 2)
        }
    }

    @Test func `one superadmin always stays`() throws {
        #expect(throws: AccountError.lastSuperadmin) {
            try Authority.require(.superadmin, mayApply: .deleting, to: .superadmin, superadmins: 1)
        }
        #expect(throws: AccountError.lastSuperadmin) {
            try Authority.require(.superadmin, mayApply: .changing(to: .admin), to: .superadmin, superadmins: 1)
        }
        try Authority.require(.superadmin, mayApply: .changing(to: nil), to: .superadmin, superadmins: 1)
        try Authority.require(.superadmin, mayApply: .deleting, to: .superadmin, superadmins: 2)
    }
}
