import Booking
import Client
import Core
import Foundation
import Rooms
import ServerTesting
import Storage
import Testing
import Wire

/// One database, opened by one server after the other, each with another release of the time zone data: in the later ones Shanghai has the
/// clocks of another zone.
struct ZoneStage: Sendable {
    let directory: TestDirectory
    let time = ManualTime()

    static func run(_ body: (ZoneStage) async throws -> Void) async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await body(ZoneStage(directory: directory))
    }

    @discardableResult
    func serve<Result: Sendable>(
        _ release: String, shanghai zone: String, _ body: @escaping @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        let zones = try zones(release, shanghai: zone)
        return try await TestServer.run(in: directory, time: time) {
            $0.timeZoneDirectory = zones
            $0.jobs.lookSeconds = 1
        } _: { server in
            try await body(server)
        }
    }

    /// A directory of TZif files.
    func zones(_ release: String, shanghai zone: String) throws -> String {
        let folder = directory.url.appending(path: "zones-\(release)")
        for (name, source) in ["UTC": "UTC", "Asia/Shanghai": zone, "Europe/Berlin": "Europe/Berlin"] {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(contentsOf: URL(filePath: "\(TimeZoneDatabase.systemDirectory)/\(source)")).write(to: file)
        }
        try Data("\(release)\n".utf8).write(to: folder.appending(path: "+VERSION"))
        return folder.path(percentEncoded: false)
    }

    /// Works on the database while no server does, as a node with these zones.
    func asNode(_ zones: String, _ body: (Database, SeriesResolution, JobQueue) async throws -> Void) async throws {
        let resolution = SeriesResolution(occupancy: Occupancy(), timeZones: try TimeZoneDatabase(directory: zones))
        var handlers = JobHandlers()
        handlers.register(ResolveSeries.self) { job in { tx in try resolution.goOn(job, in: tx) } }
        try await directory.withDatabase(time) { database in
            try await body(database, resolution, JobQueue(database: database, handlers: handlers, leaseSeconds: 30))
        }
    }
}

extension JobQueue {
    /// Claims one job and runs it to its end; nil where none is due.
    func runOne() async throws -> JobOutcome? {
        guard let job = try await claim(max: 1).claimed.first else { return nil }
        return try await settle(job, .success(try await work(on: job)))
    }
}

extension TestUser {
    /// What this person was told after a position, so many events of it; waits for them.
    func told(since position: StreamPosition, count: Int) async throws -> [Publication] {
        let channel = PersonalChannel(user: id).name
        let connection = try await connect(since: [channel: position])
        let personal = try #require(connection.established?.subs[channel])
        #expect(personal.recovered)
        var told = personal.publications
        guard told.count < count else { return told }
        for try await push in connection.pushes where push.channel == channel {
            if case .publication(let publication) = push.body { told.append(publication) }
            if told.count >= count { break }
        }
        return told
    }
}
