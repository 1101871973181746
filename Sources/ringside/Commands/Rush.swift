import ArgumentParser
import Club
import Foundation
import Wire

/// `ringside rush`: lets many people want few slots on servers that run, and judges what came of it.
struct Rush: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Book what many want at once, on servers that are running, before watchers that follow and resume.",
        discussion: """
            Once with --prepare on an empty database, then with the same numbers against its servers. The administrator's password is read \
            from RINGSIDE_ADMIN_PASSWORD. Exits with 1 unless every slot let in as many as it has room for, nothing was missed or told \
            twice and every watcher's calendar equals the server's. scripts/cluster.py runs it on several nodes whose parts fail meanwhile.
            """
    )

    @Option(help: "The servers, or what stands before them; plain http.")
    var url = ServerAddress(host: "127.0.0.1", port: 8_080)

    @Option(help: "WebSocket connections that follow the calendars.")
    var watchers = 200

    @Option(help: "Bookings that are attempted.")
    var bookings = 4_000

    @Option(help: "Bookings that are begun in a second.")
    var rate = 200

    @Option(help: "Venues; every other one is for a single party.")
    var venues = 12

    @Option(help: "Bookings at a time, each over its own connection.")
    var clients = 64

    @Option(help: "Decides who wants what.")
    var seed: UInt64 = 1

    @Option(help: "A directory for bookings.csv and delays.csv: what became of each booking, and how long events were under way.")
    var record: String?

    @Option(help: "Make the accounts in this database and leave. Their passwords are hashed at next to no cost: for rehearsals alone.")
    var prepare: String?

    func validate() throws {
        guard !url.isEncrypted else { throw ValidationError("--url must begin with http://.") }
        try expect("watchers", watchers, 1...20_000)
        try expect("bookings", bookings, 1...1_000_000)
        try expect("rate", rate, 1...100_000)
        try expect("venues", venues, 2...1_000)
        try expect("clients", clients, 1...1_000)
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let password = environment["RINGSIDE_ADMIN_PASSWORD"] else {
            throw ValidationError("RINGSIDE_ADMIN_PASSWORD is not set.")
        }
        if let prepare {
            return try await DemoServer.run(on: prepare, adminPassword: password) { server in
                try await makeRush(at: "127.0.0.1", server.port, server.adminUsername, password).prepare { _, _, _ in }
            }
        }
        let rush = makeRush(at: url.host, url.port, environment["RINGSIDE_ADMIN_USERNAME"] ?? "admin", password)
        // Two days from today's date in UTC it is tomorrow or later in every time zone.
        let today = LocalDate(daysSinceEpoch: Int((Date.now.timeIntervalSince1970 / 86_400).rounded(.down)))
        let report = try await ProgressBar.during(lines: 100) { bar in
            try await rush.run(from: today.advanced(byDays: 2)) { stage, done, total in bar.show(stage, done, of: total) }
        }
        if let record { try write(report, to: URL(filePath: record, directoryHint: .isDirectory)) }
        print(Self.summary(of: report))
        guard report.violations.isEmpty else { throw ExitCode.failure }
    }

    private func makeRush(at host: String, _ port: Int, _ adminUsername: String, _ adminPassword: String) -> Club.Rush {
        Club.Rush(
            host: host, port: port, adminUsername: adminUsername, adminPassword: adminPassword, watchers: watchers, bookings: bookings,
            venues: venues, perSecond: rate, clients: clients, seed: seed
        )
    }

    private func write(_ report: RushReport, to directory: URL) throws {
        for (name, lines) in [("bookings.csv", report.bookings), ("delays.csv", report.delays)] {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: directory.appending(path: name))
        }
    }

    private static func summary(of report: RushReport) -> String {
        let refusals = report.refusals.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return """
            accepted                \(report.accepted)
            refused                 \(refusals.isEmpty ? "none" : refusals)
            asked more than once    \(report.repeated), \(report.requestsMax) times at most
            replicas equal to REST  \(report.equalReplicas) of \(report.watchers)
            events delivered        \(report.delivered), \(report.recovered) of them by \(report.resumes) resumptions
            gaps, duplicates        \(report.gaps), \(report.duplicates)
            """ + report.violations.map { "\nVIOLATION: \($0)" }.joined()
    }
}
