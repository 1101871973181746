import Core
import Foundation
import Storage
import Synchronization
import Wire

/// A database of the test's own, with a clock that tests move and a log of what was committed.
struct TestDatabase: Sendable {
    let database: Database
    let time: ManualTime
    let committed: CommittedRecorder

    /// Runs the test with a fresh database; closes and removes it afterwards.
    static func run(
        _ configuration: DatabaseConfiguration = .patient, migrations: [Migration] = [Self.notes],
        _ test: (TestDatabase) async throws -> Void
    ) async throws {
        try await TestStore.with { store in
            let opened = try TestDatabase(in: store, configuration, migrations: migrations)
            do {
                try await test(opened)
            } catch {
                await opened.database.close()
                throw error
            }
            await opened.database.close()
        }
    }

    init(in store: TestStore, _ configuration: DatabaseConfiguration = .patient, migrations: [Migration] = [Self.notes]) throws {
        time = ManualTime()
        committed = CommittedRecorder()
        database = try store.open(time: time, committed: committed, configuration, migrations: migrations)
    }

    /// A table with every kind of constraint.
    static let notes = Migration(90, "notes") { dialect in
        [
            """
            CREATE TABLE note (
                id \(dialect.identity),
                text \(dialect.text) NOT NULL UNIQUE,
                parent_id \(dialect.integer) REFERENCES note (id),
                stars \(dialect.integer) NOT NULL DEFAULT 0 CONSTRAINT stars_in_range CHECK (stars BETWEEN 0 AND 5)
            )
            """,
            """
            CREATE TABLE attachment (
                note_id INTEGER NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED
            )
            """,
        ] + wrecker
    }

    /// Refuses one text; on SQLite it takes the transaction along.
    private static var wrecker: [String] {
        guard TestStore.isPostgreSQL else {
            return [
                """
                CREATE TRIGGER note_wrecker BEFORE INSERT ON note WHEN NEW.text = 'wreck'
                BEGIN SELECT RAISE(ROLLBACK, 'wrecked'); END
                """
            ]
        }
        return [
            "CREATE FUNCTION wreck() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'wrecked'; END$$",
            "CREATE TRIGGER note_wrecker BEFORE INSERT ON note FOR EACH ROW WHEN (NEW.text = 'wreck') EXECUTE FUNCTION wreck()",
        ]
    }
}

extension DatabaseConfiguration {
    /// Commits a batch when its work is done, however slow the machine is: what a test queues up together stays together. On an engine with
    /// many writers there is one, so that a test can hold it back.
    static var patient: DatabaseConfiguration {
        var configuration = DatabaseConfiguration()
        configuration.batchDurationMax = .seconds(600)
        configuration.writers = 1
        return configuration
    }
}

struct Note: RowDecodable, Codable, Hashable {
    let id: Int64
    let text: String

    init(row: Row) throws {
        id = try row["id"]
        text = try row["text"]
    }
}

struct NoteWritten: Event, Hashable {
    static let type = "note.written"
    let text: String
}

struct NoteBoard: Channel {
    static let namespace = "notes"
    let name: String

    init(_ number: Int) { name = "notes:board:\(number)" }
}

extension Transaction {
    @discardableResult
    func write(_ text: String, on board: NoteBoard? = NoteBoard(1)) throws -> Note {
        let note: Note = try one("INSERT INTO note (text) VALUES (\(text)) RETURNING id, text")
        if let board { try emit(NoteWritten(text: text), to: board) }
        return note
    }
}

extension Snapshot {
    func notes() throws -> [String] {
        try all("SELECT text FROM note ORDER BY id").map { try $0["text"] }
    }
}

extension CallContext {
    static func test(user: Int64? = 1, key: String? = nil, fingerprint: String = "a") -> CallContext {
        let caller: Caller =
            if let user {
                .user(
                    SignedInCaller(
                        userID: UserID(user), role: .employee, sessionID: SessionID(1), issuedAt: Instant(microseconds: 0),
                        expiresAt: Instant(microseconds: 1)
                    )
                )
            } else {
                .anonymous
            }
        return CallContext(
            caller: caller, transport: .http, requestID: "request-1",
            idempotency: key.map { Idempotency(key: $0, fingerprint: fingerprint) }
        )
    }
}

/// A clock that stands still until it is moved.
final class ManualTime: TimeSource {
    private let instant = Mutex(Instant(microseconds: 1_782_864_000_000_000))

    var now: Instant { instant.withLock { $0 } }

    func advance(bySeconds seconds: Int64) { instant.withLock { $0 = $0.advanced(bySeconds: seconds) } }
}

/// Keeps what was committed, in the order of the commits.
final class CommittedRecorder: CommittedEvents {
    private let recorded = Mutex<[CommittedEvent]>([])

    var events: [CommittedEvent] { recorded.withLock { $0 } }

    func committed(_ events: [CommittedEvent]) { recorded.withLock { $0 += events } }
}

/// Holds the writer inside of a transaction until it is opened, so that a test can queue up what it wants in one batch.
final class Gate: Sendable {
    private let entrance = DispatchSemaphore(value: 0)
    private let exit = DispatchSemaphore(value: 0)

    /// Called by the writer.
    func pass() {
        entrance.signal()
        exit.wait()
    }

    /// Waits until somebody stands in the gate.
    func waitUntilOccupied() async {
        await withCheckedContinuation { continuation in
            Thread { [entrance] in
                entrance.wait()
                continuation.resume()
            }.start()
        }
    }

    func open() { exit.signal() }
}

extension TestDatabase {
    /// Runs the transactions so that they share one batch.
    func inOneBatch<Answer: Sendable>(
        _ bodies: [@Sendable (Transaction) throws -> Answer]
    ) async throws -> [Result<Answer, any Error>] {
        try await inOneBatch(count: bodies.count) { database, index in
            try await database.writeUnrecorded(by: .test(), bodies[index])
        }
    }

    /// Runs the writes so that they share one batch: the writer is held back until all of them are queued, in order.
    func inOneBatch<Answer: Sendable>(
        count: Int, _ write: @escaping @Sendable (Database, Int) async throws -> Answer
    ) async throws -> [Result<Answer, any Error>] {
        try await withThrowingTaskGroup(of: (Int, Result<Answer, any Error>)?.self) { group in
            let gate = Gate()
            group.addTask { [database] in
                try await database.writeUnrecorded(by: .test()) { _ in gate.pass() }
                return nil
            }
            await gate.waitUntilOccupied()
            for index in 0..<count {
                group.addTask { [database] in
                    do { return (index, .success(try await write(database, index))) } catch { return (index, .failure(error)) }
                }
                await waitForQueue(of: index + 1)
            }
            gate.open()
            var results: [Int: Result<Answer, any Error>] = [:]
            for try await case let (index, result)? in group { results[index] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    func waitForQueue(of count: Int) async {
        while database.statistics.writesWaiting < count { await Task.yield() }
    }
}
