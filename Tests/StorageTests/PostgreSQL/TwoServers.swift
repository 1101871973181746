import Core
import ScratchDatabase
import Storage

/// Two servers on one PostgreSQL database, with as many writers as they have in production.
struct TwoServers: Sendable {
    let scratch: ScratchDatabase
    let time = ManualTime()
    let first: Database
    let second: Database
    let committedByFirst = CommittedRecorder()
    let committedBySecond = CommittedRecorder()

    static func run(
        _ configuration: DatabaseConfiguration = DatabaseConfiguration(), notified: (@Sendable () -> Void)? = nil,
        _ test: (TwoServers) async throws -> Void
    ) async throws {
        try await TestStore.with { store in
            guard case .postgreSQL(let scratch) = store else { return }
            let servers = try TwoServers(scratch, store, configuration, notified)
            do {
                try await test(servers)
            } catch {
                await servers.close()
                throw error
            }
            await servers.close()
        }
    }

    private init(
        _ scratch: ScratchDatabase, _ store: TestStore, _ configuration: DatabaseConfiguration, _ notified: (@Sendable () -> Void)?
    ) throws {
        self.scratch = scratch
        first = try store.open(time: time, committed: committedByFirst, configuration, migrations: [TestDatabase.notes])
        second = try store.open(
            time: time, committed: committedBySecond, configuration, notified: notified, migrations: [TestDatabase.notes])
    }

    func database(_ number: Int) -> Database { number.isMultiple(of: 2) ? first : second }

    private func close() async {
        await first.close()
        await second.close()
    }
}
