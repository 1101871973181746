import Core
import Realtime
import Storage

/// Has every node carry an order out: it is an event like others, and stands in the log before anybody obeys it.
struct OrderLog: Sendable {
    let database: Database
    let hub: Hub

    /// - Returns: when this node has done so; others have within a second.
    /// - Throws: when the order could not be written down.
    func carryOut(_ order: HubOrder) async throws {
        let context = CallContext(caller: .anonymous, transport: .system, requestID: "server-api")
        try await database.writeUnrecorded(by: context) { tx in try tx.emit(order, to: SystemChannel.orders) }
        await hub.ordersCarriedOut()
    }
}
