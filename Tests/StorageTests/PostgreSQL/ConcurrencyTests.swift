import Core
import Storage
import Synchronization
import Testing
import Wire

@Suite(.enabled(if: TestStore.isPostgreSQL), .timeLimit(.minutes(5))) struct ConcurrencyTests {
    @Test func `two that wait for each other both come through`() async throws {
        try await TwoServers.run { servers in
            for text in ["a", "b"] { try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.write(text, on: nil) } }
            let meeting = Meeting(of: 2)
            let runs = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, order) in [["a", "b"], ["b", "a"]].enumerated() {
                    group.addTask {
                        try await servers.database(number).writeUnrecorded(by: .test()) { tx in
                            runs.count()
                            try tx.execute("UPDATE note SET stars = stars + 1 WHERE text = \(order[0])")
                            // Only the first time: whoever is sent back comes alone.
                            meeting.attend()
                            try tx.execute("UPDATE note SET stars = stars + 1 WHERE text = \(order[1])")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await servers.first.read { try $0.all("SELECT stars FROM note").map { try $0["stars"] as Int } } == [2, 2])
            #expect(runs.value > 2)
            #expect(servers.first.statistics.replays + servers.second.statistics.replays == runs.value - 2)
        }
    }

    @Test func `what is read after a lock is what the one before has left`() async throws {
        try await TwoServers.run { servers in
            let note = try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.write("counted", on: nil) }
            let taken = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let won = try await servers.database(number).writeUnrecorded(by: .test()) { tx -> Bool in
                            try tx.lock("SELECT id FROM note WHERE id = \(note.id)")
                            let stars: Int = try tx.value("SELECT stars FROM note WHERE id = \(note.id)") ?? 0
                            guard stars < 5 else { return false }
                            try tx.execute("UPDATE note SET stars = \(stars + 1) WHERE id = \(note.id)")
                            return true
                        }
                        if won { taken.count() }
                    }
                }
                try await group.waitForAll()
            }
            #expect(taken.value == 5)
        }
    }

    @Test func `of two servers that get one idempotency key at the same moment one changes something`() async throws {
        try await TwoServers.run { servers in
            let runs = Counter()
            let notes = try await withThrowingTaskGroup(of: Note.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await servers.database(number).write(for: .test(key: "k")) { tx in
                            runs.count()
                            return try tx.write("note \(number)")
                        }
                    }
                }
                return try await group.reduce(into: [Note]()) { $0.append($1) }
            }
            #expect(Set(notes).count == 1)
            #expect(try await servers.first.read { try $0.notes() }.count == 1)
            #expect(runs.value == 1)
        }
    }

    @Test func `the clock of a transaction is the database's, read after its lock`() async throws {
        try await TestStore.with { store in
            let database = try store.open(
                time: SystemTime(), committed: CommittedRecorder(), DatabaseConfiguration(), migrations: [TestDatabase.notes])
            let note = try await database.writeUnrecorded(by: .test()) { tx in try tx.write("locked", on: nil) }
            let gate = Gate()
            async let first = database.writeUnrecorded(by: .test()) { tx in
                try tx.lock("SELECT id FROM note WHERE id = \(note.id)")
                // What is asked comes after the lock: now it is held.
                _ = tx.now
                gate.pass()
                return try Self.clock(tx)
            }
            await gate.waitUntilOccupied()
            async let second = database.writeUnrecorded(by: .test()) { tx in
                try tx.lock("SELECT id FROM note WHERE id = \(note.id)")
                return (tx.now, try Self.clock(tx))
            }
            var isWaiting = false
            while !isWaiting {
                isWaiting = try await database.read { try $0.first("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1") as Row? != nil }
            }
            gate.open()
            let (earlier, (later, database_)) = (try await first, try await second)
            #expect(earlier < later)
            #expect(later < database_)
            await database.close()
        }
    }

    private static func clock(_ tx: Transaction) throws -> Instant {
        try tx.one("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at")["at"]
    }

    @Test func `locks one after the other share a trip, on a connection that does not know the statement yet`() async throws {
        try await TwoServers.run { servers in
            let notes = try await servers.first.writeUnrecorded(by: .test()) { tx in
                [try tx.write("first", on: nil), try tx.write("second", on: nil)]
            }
            let texts = try await servers.second.writeUnrecorded(by: .test()) { tx in
                for note in notes { try tx.lock("SELECT id FROM note WHERE id = \(note.id)") }
                return try tx.notes()
            }
            #expect(texts == ["first", "second"])
        }
    }

    @Test func `a closure that goes on after a refusal runs again with savepoints, and once is enough`() async throws {
        try await TwoServers.run { servers in
            try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.write("taken", on: nil) }
            let runs = Counter()
            let text = try await servers.first.writeUnrecorded(by: .test()) { tx -> String in
                runs.count()
                for text in ["before", "taken", "taken", "free"] {
                    do { _ = try tx.write(text) } catch StorageError.unique { continue }
                }
                return "done"
            }
            #expect(text == "done")
            #expect(runs.value == 2)
            #expect(try await servers.first.read { try $0.notes() } == ["taken", "before", "free"])
            #expect(servers.committedByFirst.events.map(\.position.offset) == [1, 2])
        }
    }
}

/// A point that all reach before one goes on; who comes later passes.
private final class Meeting: Sendable {
    private let missing: Mutex<Int>
    private let all = Gate()

    init(of count: Int) { missing = Mutex(count) }

    func attend() {
        let left = missing.withLock { missing in
            missing -= 1
            return missing
        }
        if left > 0 { all.pass() } else if left == 0 { all.open() }
    }
}
