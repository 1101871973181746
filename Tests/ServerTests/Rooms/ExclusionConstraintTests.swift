import Client
import Core
import Rooms
import ServerTesting
import Storage
import Synchronization
import Testing
import Wire

/// What somebody writes who asks neither for a lock nor for what stands there: another program on the same database.
@Suite(.enabled(if: !TestDirectory.isOnSQLite, "SQLite has one writer"), .timeLimit(.minutes(5))) struct ExclusionConstraintTests {
    private struct ChangedMind: Error {}

    private static let (start, end) = ("2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")

    @Test func `who books what another transaction has just taken is refused as ever`() async throws {
        try await Self.withBookingBesideRawTransaction(commits: true) { server, room, booking in
            #expect(booking.status == 409)
            // As whoever comes later and is refused by the check.
            let later = try await server.admin.book(room, Self.start, Self.end)
            #expect(try booking.refusal.code == later.refusal.code && booking.refusal.message == later.refusal.message)
            #expect(try await server.admin.timeline(room).occupations.count == 1)
        }
    }

    @Test func `who books what another transaction takes back gets it`() async throws {
        try await Self.withBookingBesideRawTransaction(commits: false) { server, room, booking in
            _ = try booking.payload(ReservedRoom.self)
            #expect(try await server.admin.timeline(room).occupations.map(\.label) == ["Planning"])
        }
    }

    @Test func `of two raw transactions the second is refused by the schema`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        let room = try await TestServer.run(in: directory, time: time) { try await $0.room().id }
        try await directory.withDatabase(time) { database in
            try await database.writeUnrecorded(by: .test) { tx in try Self.occupy(room, in: tx) }
            await #expect(throws: StorageError.unique("occupation_exclusive_owner")) {
                try await database.writeUnrecorded(by: .test) { tx in try Self.occupy(room, in: tx) }
            }
        }
    }

    /// A raw transaction has written its row when the booking begins, and ends once the booking waits for it.
    private static func withBookingBesideRawTransaction(
        commits: Bool, _ body: @escaping @Sendable (TestServer, Room.ID, RESTResponse) async throws -> Void
    ) async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        try await TestServer.run(in: directory, time: time) { server in
            let room = try await server.room().id
            let (written, isWritten) = AsyncStream<Void>.makeStream()
            async let raw: Void = directory.withDatabase(time) { database in
                try await database.writeUnrecorded(by: .test) { tx in
                    try occupy(room, in: tx)
                    isWritten.finish()
                    while try !somebodyWaits(tx) {}
                    if !commits { throw ChangedMind() }
                }
            }
            for await _ in written {}
            let booking = try await server.admin.book(room, start, end)
            do { try await raw } catch is ChangedMind {}
            try await body(server, room, booking)
        }
    }

    private static func occupy(_ room: Room.ID, in tx: Transaction) throws {
        // Nine o'clock, as the bookings say.
        let start = Instant(microseconds: 1_782_982_800_000_000)
        try tx.execute(
            """
            INSERT INTO occupation (resource_id, starts_at, ends_at, units, kind, is_exclusive)
            SELECT resource_id, \(start), \(start.advanced(bySeconds: 3_600)), 1, 'reservation', 1 FROM room WHERE id = \(room)
            """
        )
    }

    /// Not the statistics' view of it, which stands still within a transaction.
    private static func somebodyWaits(_ tx: Transaction) throws -> Bool {
        let waiting: Int? = try tx.value("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' LIMIT 1")
        return waiting != nil
    }
}
