import Client
import Core
import Gym
import ServerTesting
import Storage
import Testing
import Wire

@Suite(.enabled(if: !TestDirectory.isOnSQLite, "SQLite has one node"), .timeLimit(.minutes(5))) struct FrozenNodeTests {
    @Test func `what a frozen node holds is free for the others after a while, and the node goes on when it thaws`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await StormSite.prepare(in: directory, days: 1)
        let slot = site.slots[0]
        // A shorter time to connect than the database gives a transaction that does nothing, which is how long the node stays frozen.
        try await ServerProcess.run(in: directory, settings: ["RINGSIDE_CONNECT_SECONDS": "2"]) { frozen in
            try await ServerProcess.run(in: directory) { other in
                try await RESTClient.run(port: frozen.port) { frozenREST in
                    try await RESTClient.run(port: other.port) { otherREST in
                        let ana = site.members[0].moved(to: frozen, over: frozenREST)
                        let ben = site.members[1].moved(to: other, over: otherREST)
                        try await directory.withDatabase(SystemTime()) { database in
                            let (locks, locked) = AsyncStream<Void>.makeStream()
                            async let delayed = {
                                for await _ in locks {}
                                return try await ana.reserve(slot)
                            }()
                            try await Self.freeze(frozen, whenItWaitsFor: slot, in: database) { locked.finish() }
                            // The answer to its lock lies unread at the frozen node: the transaction stands, with every lock that it has.
                            while try await !database.read({ try Self.hasIdleTransaction($0) }) {}
                            // Accepted by the kernel alone. Its time to connect begins when the node sees it.
                            async let patient = Self.connect(to: frozen, site.admin.token)
                            _ = try await ben.reserve(slot).success()
                            frozen.thaw()
                            _ = try await delayed.success()
                            _ = try await patient.subscribe(site.venue.calendarChannel)
                            try await patient.close()
                        }
                        let audit = try await site.audit(at: other, over: otherREST)
                        #expect(Set(audit.standing.values.map(\.userID)) == [ana.id, ben.id])
                    }
                }
                #expect(try await frozen.terminate() == .exited(status: 0))
            }
        }
    }

    /// Until the node has caught up with the others it lets nobody in, and says so: clients come back by themselves then.
    private static func connect(to node: ServerProcess, _ token: String) async throws -> LiveConnection {
        while true {
            do {
                return try await LiveConnection.connect(port: node.port, token: token)
            } catch let error as ProtocolError where error.temporary {}
        }
    }

    /// Holds what a booking of the slot has to lock until the node asks for it, and lets go when the node can't take the answer any more.
    private static func freeze(
        _ node: ServerProcess, whenItWaitsFor slot: TimeSlot, in database: Database, onLocked: @escaping @Sendable () -> Void
    ) async throws {
        // The transaction is on a thread of its own, where nobody tells it that the test has taken too long.
        let deadline = ContinuousClock.now + .seconds(60)
        try await database.writeUnrecorded(by: .test) { tx in
            try tx.lock("SELECT id FROM resource WHERE id = (SELECT resource_id FROM time_window WHERE id = \(slot.id.rawValue))")
            func waiting() throws -> Int? {
                try tx.value("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' LIMIT 1")
            }
            // The lock goes out with the first look.
            _ = try waiting()
            onLocked()
            while try waiting() == nil {
                guard ContinuousClock.now < deadline else { throw NobodyWaits() }
            }
            node.freeze()
        }
    }

    private struct NobodyWaits: Error {}

    private static func hasIdleTransaction(_ snapshot: Snapshot) throws -> Bool {
        let idle: Int? = try snapshot.value(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' LIMIT 1")
        return idle != nil
    }
}
