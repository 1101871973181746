import ArgumentParser
import Server

/// Brings a database up to date without serving it.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring a database up to date without serving it.")

    @Option(help: "Where the state is kept, sqlite:// or postgres:// (sqlite://ringside.sqlite).") var database: String?

    func run() async throws {
        let configuration = try Configuration(ServeOptions(database: database))
        try await Server.migrate(configuration.database)
        print("\(configuration.database) is up to date")
    }
}
