import Core
import Storage
import Wire

/// What is held for a while is free at the instant at which that ends, without anything being done. The news of it needs somebody: whoever
/// takes room on the resource next, or ``ClearExpiredOccupations``.
extension Occupancy {
    /// Occupations that one commit clears at most; each is told to the watchers of the windows that it stood in.
    static let expiredMax = 100

    /// Clears what has expired, on all resources, and tells the watchers; in commits between which others get their turn.
    ///
    /// - Throws: ``StorageError``, ``DatabaseUnavailable``, `RequestError.overloaded`; what was cleared until then stays cleared.
    public func clearExpired(in database: Database) async throws {
        let context = CallContext(caller: .anonymous, transport: .system, requestID: "expired-holds")
        var isDone = false
        while !isDone {
            isDone = try await database.writeUnrecorded(by: context) { tx in
                guard let id = try tx.resourceWithExpiredOccupations() else { return true }
                if let resource = try lock(id, for: nil, in: tx) { try clearExpired(on: resource, during: nil, tx) }
                return false
            }
        }
    }

    /// - Parameters:
    ///   - resource: as ``lock(_:for:in:)`` gave it in this transaction.
    ///   - interval: where all goes that has expired, however much it is: what is about to stand there must not meet a row.
    /// - Throws: `StorageError`.
    public func clearExpired(on resource: Resource, during interval: Interval?, _ tx: Transaction) throws {
        let cleared = try tx.deleteExpiredOccupations(on: resource.id, during: interval, max: Self.expiredMax)
        try announce(freed: cleared, on: resource, tx)
    }
}

/// Tells the watchers of what has expired where nobody takes room. One node's work at a time.
public struct ClearExpiredOccupations: RecurringJobKind {
    public static let kind = "booking.clear-expired"
    public static let intervalSeconds: Int64 = 600
    /// Many may have expired while no server ran.
    public static let runSecondsMax: Int64 = 3_600

    public init() {}
}
