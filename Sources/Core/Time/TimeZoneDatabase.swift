import Foundation

/// The time zones of a directory of TZif files such as the system's.
///
/// All of it is read once, at the start. So nobody waits for a file later, a name out of a request never becomes a path, and
/// ``version`` stays true while a package is upgraded under the running server.
public struct TimeZoneDatabase: TimeZones {
    public static let systemDirectory = "/usr/share/zoneinfo"
    /// The IANA database has some 600 zones and links; a directory with more is none of it.
    public static let zonesMax = 2_000
    /// The longest name of the IANA database has 32 bytes.
    static let nameBytesMax = 64
    static let versionBytesMax = 32

    public let version: String
    private let zones: [String: ZoneRules]

    /// Without a file: for programs that place no wall time but in these zones.
    public init(_ zones: [String: ZoneRules], version: String = "unknown") {
        self.zones = zones
        self.version = version
    }

    /// Reads the files of a directory. Waits for the disk: for the start of a program.
    ///
    /// - Throws: ``TimeZoneDatabaseError`` when a file is malformed, or when `UTC` is not there, as on a system without its `tzdata`.
    public init(directory: String = systemDirectory) throws(TimeZoneDatabaseError) {
        var zones: [String: ZoneRules] = [:]
        try Self.read("", below: directory, into: &zones)
        guard zones["UTC"] != nil else { throw TimeZoneDatabaseError(path: directory, reason: "there are no time zones; install tzdata") }
        self.init(zones, version: Self.version(of: directory))
    }

    public func rules(of zone: String) throws(LocalTimeError) -> ZoneRules {
        guard let rules = zones[zone] else { throw .unknownZone }
        return rules
    }

    /// The names of all zones, in no order.
    public var names: some Collection<String> { zones.keys }

    private static func read(
        _ folder: String, below directory: String, into zones: inout [String: ZoneRules]
    ) throws(TimeZoneDatabaseError) {
        let path = folder.isEmpty ? directory : "\(directory)/\(folder)"
        let entries: [String]
        do { entries = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw TimeZoneDatabaseError(path: path, reason: "the directory can't be read")
        }
        for entry in entries where isName(entry) {
            let name = folder.isEmpty ? entry : "\(folder)/\(entry)"
            guard name.utf8.count <= nameBytesMax else { continue }
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(directory)/\(name)", isDirectory: &isDirectory) else { continue }
            if isDirectory.boolValue {
                try read(name, below: directory, into: &zones)
            } else if name == "UTC" || !folder.isEmpty {
                zones[name] = try rules(at: "\(directory)/\(name)")
                guard zones.count <= zonesMax else { throw TimeZoneDatabaseError(path: directory, reason: "there are too many files") }
            }
        }
    }

    /// A part of an IANA name begins with a capital and has no dot. That leaves out the tables beside the zones, and `posix` and `right`,
    /// which hold everything once more. Names without a slash are left out above, save `UTC`: what `EST` means is anybody's guess.
    private static func isName(_ part: String) -> Bool {
        guard let first = part.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
        return part.utf8.allSatisfy { PosixZoneReader.isNameCharacter($0) || $0 == UInt8(ascii: "_") }
    }

    private static func rules(at path: String) throws(TimeZoneDatabaseError) -> ZoneRules {
        guard let bytes = beginning(of: path, bytesMax: TZif.fileBytesMax + 1) else {
            throw TimeZoneDatabaseError(path: path, reason: "it can't be read")
        }
        do { return try TZif.parse(bytes) } catch { throw TimeZoneDatabaseError(path: path, reason: error.rawValue) }
    }

    /// What the data calls itself: `+VERSION` holds nothing else, `tzdata.zi` begins with `# version 2026b`.
    private static func version(of directory: String) -> String {
        let named = beginning(of: "\(directory)/+VERSION", bytesMax: versionBytesMax)
        let compiled = beginning(of: "\(directory)/tzdata.zi", bytesMax: 10 + versionBytesMax).flatMap { line in
            line.starts(with: Array("# version ".utf8)) ? Array(line.dropFirst(10)) : nil
        }
        guard let text = named ?? compiled else { return "unknown" }
        let version = text.prefix { PosixZoneReader.isNameCharacter($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
        return version.isEmpty ? "unknown" : String(decoding: version, as: UTF8.self)
    }

    private static func beginning(of path: String, bytesMax: Int) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return (try? file.read(upToCount: bytesMax)).map { Array($0) }
    }
}

/// A directory of time zones that can't be used.
public struct TimeZoneDatabaseError: Error, CustomStringConvertible {
    public let path: String
    public let reason: String

    public var description: String { "\(path): \(reason)" }
}
