import Core
import Storage
import Testing

@Suite(.enabled(if: TestStore.isPostgreSQL), .timeLimit(.minutes(5))) struct StatementCancellationTests {
    @Test func `a read whose caller has gone is stopped, and what comes next on its connection is not`() async throws {
        var configuration = DatabaseConfiguration()
        configuration.readers = 1
        try await TwoServers.run(configuration) { servers in
            for _ in 1...3 {
                let task = Task { try await servers.first.read { try $0.sleepLong() } }
                try await servers.waitForSleeper()
                async let next = servers.first.read { try $0.notes() }
                task.cancel()
                // Had it slept to its end there would be no error.
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await next == [])
            }
        }
    }

    @Test func `a close stops what runs for too long, and nothing of it is written`() async throws {
        var configuration = DatabaseConfiguration()
        configuration.closingPatience = .zero
        try await TwoServers.run(configuration) { servers in
            let write = Task {
                try await servers.first.writeUnrecorded(by: .test()) { tx in
                    try tx.write("late")
                    try tx.sleepLong()
                }
            }
            let read = Task { try await servers.first.read { try $0.sleepLong() } }
            try await servers.waitForSleeper(count: 2)
            await servers.first.close()
            await #expect(throws: DatabaseUnavailable.self) { try await write.value }
            await #expect(throws: DatabaseUnavailable.self) { try await read.value }
            #expect(try await servers.second.read { try $0.notes() } == [])
        }
    }
}

extension Snapshot {
    /// Not as long as the time limit of a statement, which would end it, too.
    fileprivate func sleepLong() throws {
        let _: Row = try one("SELECT pg_sleep(9)")
    }
}

extension TwoServers {
    /// Asked at the second server: the first may have no connection left.
    fileprivate func waitForSleeper(count: Int = 1) async throws {
        var sleeping = 0
        while sleeping < count {
            sleeping = try await second.read { snapshot in
                try snapshot.value(
                    """
                    SELECT COUNT(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND state = 'active' AND wait_event = 'PgSleep'
                    """
                ) ?? 0
            }
        }
    }
}
