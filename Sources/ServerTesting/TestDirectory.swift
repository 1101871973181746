import Core
import Foundation
import ScratchDatabase
import Server
import Storage

/// A directory of one test, and a database: a file in it or, where the run is on PostgreSQL, a database of the test's own. It outlives a
/// server, so that another one can open the same database.
public struct TestDirectory: Sendable {
    public let url: URL
    public let databaseURL: String
    private let scratch: ScratchDatabase?

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "ringside-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        scratch = try ScratchDatabase.server.map { server in
            try ScratchDatabase(on: server, copying: "server") { url in
                guard let address = PostgreSQLAddress(uri: url) else { throw ScratchDatabaseError(message: "no address") }
                try Database.migrate(postgreSQL: address, time: SystemTime(), migrations: Database.domainMigrations)
            }
        }
        databaseURL = scratch?.url ?? "sqlite://\(url.appending(path: "test.sqlite").path)"
    }

    public func remove() {
        scratch?.remove()
        try? FileManager.default.removeItem(at: url)
    }

    /// Whether this run is on SQLite, for tests that are about its files.
    public static var isOnSQLite: Bool { ScratchDatabase.server == nil }
}
