import Core
import Crypto
import Foundation
import Wire

/// Says what a backup holds, in a file beside it: whoever restores can tell that the copy is whole before anything is replaced by it.
public struct BackupManifest: Codable, Hashable, Sendable {
    static let formatSupported = 1

    let format: Int
    /// What kind of file it is; of whichever database, it is SQLite's.
    let engine: String
    /// By the clock of the machine that made it.
    public let createdAt: Instant
    /// The life of the log that it was taken from; a restore begins another.
    public let epoch: String
    /// Of the backup's file.
    public let bytes: Int
    /// Of the backup's file, in hexadecimal digits.
    public let sha256: String
    /// Rows of every table, in the one moment that the backup shows.
    public let rows: [String: Int]

    enum CodingKeys: String, CodingKey {
        case format, engine, epoch, bytes, sha256, rows
        case createdAt = "created_at"
    }

    /// Where the manifest of a backup lies.
    public static func path(for backup: String) -> String { backup + ".manifest.json" }

    /// - Throws: ``BackupError/noManifest(_:)``, ``BackupError/unknownFormat(_:)``.
    static func read(for backup: String) throws -> BackupManifest {
        let path = path(for: backup)
        guard let data = FileManager.default.contents(atPath: path),
            let manifest = try? JSONDecoder().decode(BackupManifest.self, from: data)
        else { throw BackupError.noManifest(path) }
        guard manifest.format == formatSupported else { throw BackupError.unknownFormat(manifest.format) }
        return manifest
    }

    /// - Throws: what keeps the file from being written.
    func write(for backup: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let path = Self.path(for: backup)
        try PrivateFile.create(path)
        try encoder.encode(self).write(to: URL(filePath: path))
        try PrivateFile.synchronize(path)
    }
}

/// Why there is no backup, or why it can't be restored.
public enum BackupError: Error, Hashable, CustomStringConvertible {
    /// There is nothing to back up or to restore.
    case notFound(String)
    /// A backup never overwrites a file, and a restore only when it is told to.
    case exists(String)
    case noManifest(String)
    /// It was made by a newer release.
    case unknownFormat(Int)
    /// The file is not the one that the manifest tells of.
    case differs(String)
    /// The database itself says that it is broken.
    case corrupt(String)

    public var description: String {
        switch self {
        case .notFound(let path): "there is no \(path)"
        case .exists(let path): "\(path) exists already"
        case .noManifest(let path): "there is no manifest that can be read at \(path): it belongs to the backup"
        case .unknownFormat(let format): "the backup was made by a newer release (format \(format))"
        case .differs(let what): "the backup is not whole: \(what) differs from its manifest"
        case .corrupt(let finding): "the database is broken: \(finding)"
        }
    }
}
