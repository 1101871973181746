import ArgumentParser
import Club
import Foundation
import Wire

/// `ringside demo`: plays a club's bookings on a fresh server while watchers follow, and proves that nobody missed anything.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a club's bookings on a fresh server and compare what every watcher has with what the server has.",
        discussion: """
            Exits with 1 unless nothing is refused, missed or told twice and every watcher's calendar equals the server's.
            """
    )

    @Option(help: "A directory with facilities.csv, members.csv and bookings.csv; without it a club is made up.")
    var data: String?

    @Option(help: "Bookings at a time, each over its own connection.")
    var clients = 8

    @Option(help: "WebSocket connections that follow the calendars; every fourth is cut and resumes at random.")
    var watchers = 200

    @Option(help: "Decides the club that is made up, and who is cut when.")
    var seed: UInt64 = 1

    @Option(help: "Facilities of the club that is made up.")
    var facilities = 9

    @Option(help: "Members of the club that is made up.")
    var members = 30

    @Option(help: "Bookings of the club that is made up.")
    var bookings = 4_000

    func validate() throws {
        try expect("clients", clients, 1...1_000)
        try expect("watchers", watchers, 1...20_000)
        try expect("facilities", facilities, 1...1_000)
        try expect("members", members, 1...100_000)
        try expect("bookings", bookings, 1...1_000_000)
    }

    func run() async throws {
        let club = try readClub()
        let report = try await withTemporaryDirectory { directory in
            try await DemoServer.run(in: directory) { environment in try await play(club, on: environment) }
        }
        print(DemoTable(report))
        guard report.isFlawless else { throw ExitCode.failure }
    }

    private func readClub() throws -> ClubData {
        // Two days from today's date in UTC it is tomorrow or later in every time zone.
        let today = LocalDate(daysSinceEpoch: Int((Date.now.timeIntervalSince1970 / 86_400).rounded(.down)))
        let firstDay = today.advanced(byDays: 2)
        if let data { return try ClubData(directory: data).shifted(toBeginOnOrAfter: firstDay) }
        return ClubGenerator(seed: seed, facilities: facilities, members: members, bookings: bookings).club(from: firstDay)
    }

    private func play(_ club: ClubData, on environment: DemoEnvironment) async throws -> ClubReport {
        let play = ClubPlay(
            port: environment.port,
            adminUsername: environment.adminUsername,
            adminPassword: environment.adminPassword,
            clients: clients,
            watchers: watchers,
            seed: seed
        )
        return try await ProgressBar.during { bar in
            try await play.run(club) { stage, done, total in bar.show(stage, done, of: total) }
        }
    }

    private func withTemporaryDirectory<Result: Sendable>(_ body: (URL) async throws -> Result) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "ringside-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body(directory)
    }
}
