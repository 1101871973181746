import ArgumentParser
import Server

/// Brings a database up to date without serving it, or carries all that it holds over to another engine.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a database up to date without serving it, or carry it over to PostgreSQL.",
        discussion: """
            With --from and --to everything that a SQLite file holds is copied to an empty PostgreSQL database, compared, and only then \
            committed. No server may serve the file. Clients resume where they were at a server on the new database; the file stays as it is.
            """
    )

    @Option(help: "Where the state is kept, sqlite:// or postgres:// (sqlite://ringside.sqlite).") var database: String?
    @Option(help: "Carry over from this file, sqlite://.") var from: String?
    @Option(help: "Carry over to this empty database, postgres://.") var to: String?

    func validate() throws {
        guard (from == nil) == (to == nil) else { throw ValidationError("--from and --to belong together") }
        guard from == nil || database == nil else { throw ValidationError("either --database, or --from and --to") }
    }

    func run() async throws {
        if let from, let to {
            try await carry(from: Self.location(from), to: Self.location(to))
        } else {
            let location = try Self.location(database)
            try await Server.migrate(location)
            print("\(location) is up to date")
        }
    }

    private func carry(from source: DatabaseLocation, to target: DatabaseLocation) async throws {
        let rows = try await ProgressBar.during { bar in
            try Server.migrate(from: source, to: target) { bar.show($0, $1, of: $2) }
        }
        print("\(target) holds what \(source) held: \(rows) rows, compared")
    }

    private static func location(_ url: String?) throws -> DatabaseLocation {
        try Configuration(ServeOptions(database: url)).database
    }
}
