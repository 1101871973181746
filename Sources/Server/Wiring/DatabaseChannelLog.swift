import Core
import Storage
import Synchronization
import Wire

/// The server API's way to the log of `ringside serve`: each publication is a transaction of its own.
///
/// A transaction does not know yet where its events will stand; the commit tells, through ``committed(_:)``, before the writer goes on.
final class DatabaseChannelLog: ChannelLog, CommittedEvents {
    /// A publication on its way into the log.
    private struct Waiting {
        let channel: String
        let data: RawJSON
        /// Its transaction has run: the next commit holds it, unless the batch falls and runs again.
        var hasRun = false
        var position: StreamPosition?
    }

    private struct State {
        var waiting: [Int: Waiting] = [:]
        var lastID = 0
    }

    private let database: Database
    private let state = Mutex(State())

    init(database: Database) {
        self.database = database
    }

    /// - Throws: `ProtocolError.notAvailable` for what the database does not keep beside the data (tags) or does not compare (versions).
    func append(_ publication: Publication, to channel: String, options: AppendOptions) async throws -> StreamPosition {
        guard publication.tags.isEmpty, options.version == 0 else { throw ProtocolError.notAvailable }
        let data = publication.data
        let id = wait(for: data, in: channel)
        defer { forget(id) }
        try await database.write(for: Self.context(channel, options)) { tx in
            tx.append(data, to: channel)
            self.state.withLock { $0.waiting[id]?.hasRun = true }
            return true
        }
        if let position = state.withLock({ $0.waiting[id]?.position }) { return position }
        // A repeat, which the database knows by its key alone: the top is at or behind the place of the first.
        return try await database.read(channel: channel, after: nil, limit: 0, reverse: false).top
    }

    func remove(channel: String) async throws -> StreamPosition {
        try await database.writeUnrecorded(by: Self.context(channel, AppendOptions())) { tx in try tx.removeHistory(of: channel) }
        return try await database.read(channel: channel, after: nil, limit: 0, reverse: false).top
    }

    func committed(_ events: [CommittedEvent]) {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return }
            for event in events {
                // Of two in one commit that say the same in the same channel it does not matter which is which.
                let match = state.waiting.first {
                    $1.hasRun && $1.position == nil && $1.channel == event.channel && $1.data == event.data
                }
                if let id = match?.key { state.waiting[id]?.position = event.position }
            }
        }
    }

    private func wait(for data: RawJSON, in channel: String) -> Int {
        state.withLock { state in
            state.lastID += 1
            state.waiting[state.lastID] = Waiting(channel: channel, data: data)
            return state.lastID
        }
    }

    private func forget(_ id: Int) {
        state.withLock { $0.waiting[id] = nil }
    }

    private static func context(_ channel: String, _ options: AppendOptions) -> CallContext {
        let idempotency = options.idempotencyKey.map { Idempotency(key: "server-api \(channel) \($0)", fingerprint: "publish") }
        return CallContext(caller: .anonymous, transport: .system, requestID: "server-api", idempotency: idempotency)
    }
}
