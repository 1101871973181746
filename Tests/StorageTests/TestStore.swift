import Core
import Foundation
import ScratchDatabase
import Storage

/// Where a test's database lies; outlives the database, so that it can be opened again.
enum TestStore: Sendable {
    case sqlite(path: String)
    case postgreSQL(ScratchDatabase)

    /// Whether this run is on PostgreSQL.
    static var isPostgreSQL: Bool { ScratchDatabase.server != nil }
    static var isSQLite: Bool { !isPostgreSQL }

    /// Hands out a store of the run's engine, and removes it.
    static func with(_ body: (TestStore) async throws -> Void) async throws {
        guard let server = ScratchDatabase.server else {
            return try await withTemporaryDirectory { try await body(.sqlite(path: $0 + "/test.sqlite")) }
        }
        let scratch = try ScratchDatabase(on: server)
        defer { scratch.remove() }
        try await body(.postgreSQL(scratch))
    }

    func open(
        time: any TimeSource, committed: any CommittedEvents, _ configuration: DatabaseConfiguration,
        notified: (@Sendable () -> Void)? = nil, migrations: [Migration]
    ) throws -> Database {
        switch self {
        case .sqlite(let path):
            return try .open(sqlite: path, time: time, committed: committed, configuration: configuration, migrations: migrations)
        case .postgreSQL(let scratch):
            guard let address = PostgreSQLAddress(uri: scratch.url) else { throw ScratchDatabaseError(message: "no address") }
            return try .open(
                postgreSQL: address, time: time, committed: committed, configuration: configuration, notified: notified,
                migrations: migrations
            )
        }
    }
}

func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("storage-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory.path)
}
