import Core
import Foundation
import Testing
import Wire

@Suite struct TimeZoneDatabaseTests {
    @Test func `the system's zones say which release they are`() throws {
        let zones = try TimeZoneDatabase()
        #expect(zones.version.wholeMatch(of: /20[0-9][0-9][a-z]+/) != nil, "\(zones.version)")
        #expect(zones.contains("Asia/Shanghai") && zones.contains("UTC"))
    }

    @Test(
        arguments: [
            "", "UTC ", "utc", "EST", "GMT+8", "Factory", "localtime", "posixrules", "tzdata.zi", "../zoneinfo/UTC", "/etc/passwd",
            "Asia/../UTC", "Asia", "Asia/", "Asia/Atlantis", "right/UTC", "posix/UTC", "Asia/Shanghai\0", "\u{FF21}sia/Shanghai",
            String(repeating: "A/", count: 5_000),
        ])
    func `what is no IANA name is unknown`(name: String) throws {
        #expect(throws: LocalTimeError.unknownZone) { try Self.system.get().rules(of: name) }
    }

    @Test func `a directory without zones is refused, and so is one that is not there`() throws {
        try Self.inDirectory { folder in
            #expect(throws: TimeZoneDatabaseError.self) { try TimeZoneDatabase(directory: folder.path) }
            let error = #expect(throws: TimeZoneDatabaseError.self) { try TimeZoneDatabase(directory: "\(folder.path)/nowhere") }
            #expect(error.map { "\($0)" } == "\(folder.path)/nowhere: the directory can't be read")
        }
    }

    @Test func `a malformed file is refused with its name and the reason`() throws {
        try Self.inDirectory { folder in
            let area = folder.appending(path: "Asia")
            try FileManager.default.createDirectory(at: area, withIntermediateDirectories: true)
            try Self.copyUTC(to: folder)
            try Data("TZif2 and nothing more".utf8).write(to: area.appending(path: "Nowhere"))
            let error = #expect(throws: TimeZoneDatabaseError.self) { try TimeZoneDatabase(directory: folder.path) }
            #expect(error.map { "\($0)" } == "\(area.path)/Nowhere: it ends early")
        }
    }

    @Test func `the release is read from either file that names it, and is unknown without`() throws {
        try Self.inDirectory { folder in
            try Self.copyUTC(to: folder)
            #expect(try TimeZoneDatabase(directory: folder.path).version == "unknown")
            try Data("# version 2099z\nRest".utf8).write(to: folder.appending(path: "tzdata.zi"))
            #expect(try TimeZoneDatabase(directory: folder.path).version == "2099z")
            try Data("2099y\n".utf8).write(to: folder.appending(path: "+VERSION"))
            #expect(try TimeZoneDatabase(directory: folder.path).version == "2099y")
        }
    }

    @Test func `a gap is refused or shifted, and of two instants the first is meant`() throws {
        let berlin = try Self.system.get().rules(of: "Europe/Berlin")
        let gap = try #require(LocalDateTime("2026-03-29T02:30"))
        #expect(throws: LocalTimeError.gap) { try berlin.instant(of: gap) }
        #expect(try berlin.instant(of: gap, onGap: .shift).rfc3339 == "2026-03-29T01:30:00Z")
        let fold = try #require(LocalDateTime("2026-10-25T02:30:00"))
        #expect(try berlin.instant(of: fold).rfc3339 == "2026-10-25T00:30:00Z")
        let samoa = try Self.system.get().rules(of: "Pacific/Apia")
        #expect(throws: LocalTimeError.gap) { try samoa.instant(of: try #require(LocalDateTime("2011-12-30T12:00"))) }
    }

    private static let system = Result { try TimeZoneDatabase() }

    /// By its content: the system's may be a link.
    private static func copyUTC(to folder: URL) throws {
        try Data(contentsOf: URL(filePath: "\(TimeZoneDatabase.systemDirectory)/UTC")).write(to: folder.appending(path: "UTC"))
    }

    private static func inDirectory(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zones-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }
}
