import ArgumentParser

/// One server for everything that is booked by the hour.
@main
struct Ringside: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ringside", abstract: "One server for everything that is booked by the hour, where every change is live.",
        subcommands: [
            Serve.self, Migrate.self, Backup.self, Restore.self, Demo.self, Rush.self, Top.self, Realtime.self, RealtimeToken.self,
            Endpoints.self, OpenAPI.self,
        ]
    )
}
