import Core
import ScratchDatabase
import Storage
import Testing
import Wire

@Suite(.enabled(if: TestStore.isPostgreSQL), .timeLimit(.minutes(5))) struct LostConnectionTests {
    /// Ends every connection to the database but the one that asks.
    private static let cut = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        """

    @Test func `a transaction whose connection is cut runs again`() async throws {
        try await TwoServers.run { servers in
            let runs = Counter()
            try await servers.first.writeUnrecorded(by: .test()) { tx in
                let run = runs.count()
                try tx.write("before")
                if run == 1 { try servers.scratch.execute(Self.cut) }
                try tx.write("after")
            }
            #expect(runs.value == 2)
            #expect(try await servers.first.read { try $0.notes() } == ["before", "after"])
            #expect(servers.committedByFirst.events.map(\.position.offset) == [1, 2])
        }
    }

    @Test func `a read whose connection is cut runs again`() async throws {
        try await TwoServers.run { servers in
            let runs = Counter()
            let notes = try await servers.first.read { snapshot in
                if runs.count() == 1 {
                    _ = try snapshot.notes()
                    try servers.scratch.execute(Self.cut)
                }
                return try snapshot.notes()
            }
            #expect(notes == [])
            #expect(runs.value == 2)
        }
    }

    @Test func `connections that are cut all the time lose nothing and write nothing twice`() async throws {
        try await TwoServers.run { servers in
            let end = Counter()
            let acknowledged = TextSet()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while end.value == 0 {
                        try servers.scratch.execute(Self.cut)
                        await Task.yield()
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { writers in
                    for writer in 0..<8 {
                        writers.addTask {
                            for round in 0..<15 {
                                let text = "\(writer)-\(round)"
                                do {
                                    // A second run of one that was committed would meet its own text.
                                    _ = try await servers.database(writer).writeUnrecorded(by: .test()) { tx in try tx.write(text) }
                                    acknowledged.insert(text)
                                } catch is DatabaseUnavailable {
                                    // Cut down as often as it may be tried; it must leave nothing.
                                }
                            }
                        }
                    }
                    try await writers.waitForAll()
                }
                end.count()
                try await group.waitForAll()
            }
            try await expectNothingLost(acknowledged.all, servers.first)
        }
    }

    @Test func `after a restart everything acknowledged is there, and no commit without an answer was guessed`() async throws {
        try await TestServerOfItsOwn.run { server in
            let scratch = try ScratchDatabase(on: server.url)
            let database = try TestStore.postgreSQL(scratch).open(
                time: ManualTime(), committed: CommittedRecorder(), DatabaseConfiguration(), migrations: [TestDatabase.notes])
            let acknowledged = TextSet()
            let end = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        var round = 0
                        while end.value == 0 {
                            round += 1
                            let text = "\(writer)-\(round)"
                            do {
                                _ = try await database.writeUnrecorded(by: .test()) { tx in try tx.write(text) }
                                acknowledged.insert(text)
                            } catch is DatabaseUnavailable {}
                        }
                    }
                }
                for _ in 1...3 {
                    let before = acknowledged.all.count
                    while acknowledged.all.count < before + 50 { await Task.yield() }
                    try await server.restart()
                }
                let before = acknowledged.all.count
                while acknowledged.all.count < before + 50 { await Task.yield() }
                end.count()
                try await group.waitForAll()
            }
            try await expectNothingLost(acknowledged.all, database)
            await database.close()
        }
    }

    private func expectNothingLost(_ acknowledged: Set<String>, _ database: Database) async throws {
        let written = try await database.read { try $0.notes() }
        #expect(Set(written).count == written.count)
        #expect(Set(written) == acknowledged, "what was refused has left nothing, what was acknowledged is there")
        let page = try await database.read(channel: NoteBoard(1).name, after: nil, limit: 100_000, reverse: false)
        #expect(page.entries.map(\.offset) == (0..<written.count).map { UInt64($0 + 1) })
    }
}
