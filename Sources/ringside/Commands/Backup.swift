import ArgumentParser
import Server
import Wire

/// Copies a database into a file, while it is served.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the database into a file, while it is served, and check the copy.",
        discussion: "Beside the file lies its manifest (FILE.manifest.json); a restore needs both, and takes them to either engine."
    )

    @Option(help: "Where the state is kept, sqlite:// or postgres:// (sqlite://ringside.sqlite).") var database: String?
    @Option(help: "The file to write; it must not exist.") var to: String

    func run() async throws {
        let location = try Configuration(ServeOptions(database: database)).database
        let manifest = try await ProgressBar.during { bar in try Server.backup(location, to: to) { bar.show($0, $1, of: $2) } }
        print("\(location) is in \(to): \(manifest.rows.values.reduce(0, +)) rows, \(manifest.bytes) bytes, sha256 \(manifest.sha256)")
    }
}

/// Puts a backup in a database's place.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a backup and put it in a database's place.",
        discussion: """
            No server may serve the database. What was committed after the backup was made is lost; clients that come back are told to read \
            everything anew.
            """
    )

    @Option(help: "The backup; beside it lies its manifest.") var from: String
    @Option(help: "Where the state is kept, sqlite:// or postgres:// (sqlite://ringside.sqlite).") var database: String?
    @Flag(help: "Replace a database that exists.") var replace = false

    func run() async throws {
        let location = try Configuration(ServeOptions(database: database)).database
        let manifest = try await ProgressBar.during { bar in
            try await Server.restore(from, to: location, isReplacing: replace) { bar.show($0, $1, of: $2) }
        }
        print("\(location) is as it was at \(manifest.createdAt.rfc3339): \(manifest.rows.values.reduce(0, +)) rows")
    }
}
