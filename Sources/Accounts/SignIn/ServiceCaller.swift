import Core
import Storage
import Wire

extension AccountService {
    /// The superadmin in whose name another service of the house acts that has brought the service key, for one call.
    ///
    /// - Returns: nil where there is no such account, or it is no superadmin any more.
    /// - Throws: what keeps the database from being read.
    public func serviceCaller(named username: String) async throws -> SignedInCaller? {
        try await database.read { snapshot in
            guard let account = try snapshot.account(named: username), account.role == .superadmin else { return nil }
            return SignedInCaller(
                // Below zero there are no sign-ins. Another one each time: the call may be to end it, and that is remembered.
                userID: account.id, role: account.role, sessionID: SessionID(.random(in: .min ... -1)),
                issuedAt: snapshot.issueTime(for: account), expiresAt: snapshot.now.advanced(bySeconds: serviceCallSecondsMax)
            )
        }
    }
}

/// How long a call of a service may wait until it is looked at, in seconds.
private let serviceCallSecondsMax: Int64 = 60
