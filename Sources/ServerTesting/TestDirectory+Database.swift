import Core
import Server
import Storage

extension TestDirectory {
    /// Opens the directory's database while no server does, for as long as the body takes.
    ///
    /// - Parameter committed: is told of every commit's events.
    public func withDatabase<Result>(
        _ time: any TimeSource, committed: any CommittedEvents = NobodyListens(), _ body: (Database) async throws -> Result
    ) async throws -> Result {
        guard let location = DatabaseLocation(url: databaseURL) else { throw StorageError.unavailable("no database is at \(databaseURL)") }
        let database = try Database.open(location, time: time, committed: committed)
        return try await running {
            try await body(database)
        } finally: {
            await database.close()
        }
    }
}

extension CallContext {
    /// For what a test does to a database by itself.
    public static let test = CallContext(caller: .anonymous, transport: .system, requestID: "test")
}

/// Lets go of what is committed.
public struct NobodyListens: CommittedEvents {
    public init() {}

    public func committed(_ events: [CommittedEvent]) {}
}
