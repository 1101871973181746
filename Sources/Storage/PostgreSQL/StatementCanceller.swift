import CPostgreSQL
import Synchronization

/// Asks the server to stop what it does for one connection (`PQcancel`); from any thread, beside the one that waits for the answer.
final class StatementCanceller: Sendable {
    private static let reasonBytes = 256

    // libpq lets any thread use it, at the same time as the connection itself; it is freed with the last who holds this object.
    private nonisolated(unsafe) let handle: OpaquePointer?
    private let requested = Atomic<Bool>(false)

    /// - Parameter connection: of libpq, and open.
    init(_ connection: OpaquePointer) {
        handle = PQgetCancel(connection)
    }

    deinit { PQfreeCancel(handle) }

    /// Returns when the server has the request; whether there was anything left to stop shows in the statement's answer alone.
    func cancel() {
        requested.store(true, ordering: .relaxed)
        var reason = [CChar](repeating: 0, count: Self.reasonBytes)
        _ = PQcancel(handle, &reason, Int32(reason.count))
    }

    /// Whether somebody has asked since the last look: then a statement that was stopped was not so because of its own length.
    func takeRequest() -> Bool { requested.exchange(false, ordering: .relaxed) }
}
