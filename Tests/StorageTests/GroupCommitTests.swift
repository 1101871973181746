import Core
import Storage
import Synchronization
import Testing
import Wire

@Suite struct GroupCommitTests {
    @Test(.enabled(if: TestStore.isSQLite, "PostgreSQL shares syncs by itself"))
    func `transactions that wait together share one commit`() async throws {
        try await TestDatabase.run { test in
            let before = test.database.statistics
            let results = try await test.inOneBatch(count: 50) { database, number in
                try await database.writeUnrecorded(by: .test()) { tx in try tx.write("note \(number)") }
            }
            let after = test.database.statistics
            #expect(results.allSatisfy { (try? $0.get()) != nil })
            #expect(after.transactions - before.transactions == 51)
            #expect(after.commits - before.commits == 2, "the one that held the writer, then all others together")
        }
    }

    @Test func `a failure leaves the others of its batch whole`() async throws {
        try await TestDatabase.run { test in
            let results: [Result<Note, any Error>] = try await test.inOneBatch([
                { tx in try tx.write("first") },
                { tx in
                    try tx.write("half")
                    return try tx.write("first")
                },
                { tx in
                    try tx.write("refused")
                    throw AccessError.forbidden
                },
                { tx in try tx.write("last") },
            ])
            #expect((try? results[0].get())?.text == "first")
            #expect(throws: StorageError.unique("note.text")) { try results[1].get() }
            #expect(throws: AccessError.forbidden) { try results[2].get() }
            #expect((try? results[3].get())?.text == "last")
            #expect(try await test.database.read { try $0.notes() } == ["first", "last"])
            #expect(test.committed.events.map(\.position.offset) == [1, 2])
            #expect(test.database.statistics.replays == 0)
        }
    }

    @Test func `a failure that has changed nothing does not run the others again`() async throws {
        try await TestDatabase.run { test in
            let runs = Atomic(0)
            let results: [Result<Note, any Error>] = try await test.inOneBatch([
                { tx in
                    runs.add(1, ordering: .relaxed)
                    return try tx.write("first")
                },
                { tx in
                    try tx.execute("DELETE FROM note WHERE id = \(404)")
                    throw AccessError.forbidden
                },
                { tx in try tx.write("first") },
            ])
            #expect((try? results[0].get()) != nil)
            #expect(throws: AccessError.forbidden) { try results[1].get() }
            #expect(throws: StorageError.unique("note.text")) { try results[2].get() }
            #expect(runs.load(ordering: .relaxed) == 1)
        }
    }

    @Test(.enabled(if: TestStore.isSQLite, "PostgreSQL knows no such error"))
    func `an error that ends the outer transaction costs its own caller alone`() async throws {
        try await TestDatabase.run { test in
            let texts = ["one", "two", "wreck", "three", "four"]
            let results = try await test.inOneBatch(count: texts.count) { database, index in
                try await database.writeUnrecorded(by: .test()) { tx in try tx.write(texts[index]) }
            }
            #expect(throws: StorageError.refused("wrecked")) { try results[2].get() }
            for index in [0, 1, 3, 4] { #expect((try? results[index].get()) != nil) }
            #expect(try await test.database.read { try $0.notes() } == ["one", "two", "three", "four"])
            #expect(test.committed.events.map(\.position.offset) == [1, 2, 3, 4], "what was emitted in vain took no offset")
            #expect(test.database.statistics.replays == 1)
        }
    }

    @Test(.enabled(if: TestStore.isSQLite, "PostgreSQL knows no such error"))
    func `a swallowed error that ended the outer transaction is no success`() async throws {
        try await TestDatabase.run { test in
            await #expect(throws: StorageError.self) {
                try await test.database.writeUnrecorded(by: .test()) { tx in _ = try? tx.write("wreck") }
            }
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("after") }
            #expect(try await test.database.read { try $0.notes() } == ["after"])
        }
    }

    @Test func `a commit that is refused is tried again for each of the batch`() async throws {
        try await TestDatabase.run { test in
            let results: [Result<String, any Error>] = try await test.inOneBatch([
                { tx in try tx.write("good").text },
                { tx in
                    // The constraint is deferred: only the commit finds out.
                    try tx.execute("INSERT INTO attachment (note_id) VALUES (\(999))")
                    return "bad"
                },
                { tx in try tx.write("good too").text },
            ])
            #expect((try? results[0].get()) == "good")
            #expect(throws: StorageError.foreignKey) { try results[1].get() }
            #expect((try? results[2].get()) == "good too")
            #expect(try await test.database.read { try $0.notes() } == ["good", "good too"])
        }
    }

    @Test func `a closure can't end the transaction that others share`() async throws {
        try await TestDatabase.run { test in
            let statements: [SQL] = [
                "COMMIT", " rollback", "BEGIN", "SAVEPOINT a", "RELEASE job", "PRAGMA synchronous = OFF", "ATTACH 'x' AS x", "",
            ]
            for statement in statements {
                await #expect(throws: StorageError.forbiddenStatement) {
                    try await test.database.writeUnrecorded(by: .test()) { tx in try tx.execute(statement) }
                }
            }
        }
    }

    @Test func `a batch does not wait for company`() async throws {
        try await TestDatabase.run { test in
            let before = test.database.statistics.commits
            for number in 0..<5 {
                try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("note \(number)") }
            }
            #expect(test.database.statistics.commits - before == 5)
        }
    }

    @Test func `an acknowledged change is seen by whoever reads next`() async throws {
        try await TestDatabase.run { test in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<64 {
                    group.addTask { [database = test.database] in
                        for round in 0..<10 {
                            let note = try await database.writeUnrecorded(by: .test()) { tx in try tx.write("\(number)-\(round)") }
                            let seen: Note? = try await database.read { try $0.first("SELECT id, text FROM note WHERE id = \(note.id)") }
                            #expect(seen == note)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
