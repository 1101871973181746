import Core
import Crypto
import Foundation

/// Files with people's data: nobody but the owner of the process may read them, and what is said to be there is on the disk.
enum PrivateFile {
    private static let chunkBytes = 1 << 20

    /// - Throws: ``BackupError/exists(_:)``, ``StorageError/unavailable(_:)``.
    static func create(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? BackupError.exists(path) : StorageError.unavailable("can't create \(path): \(reason)")
        }
        close(descriptor)
    }

    /// Waits until a file, or the entries of a directory, are on the disk.
    ///
    /// - Throws: ``StorageError/unavailable(_:)``.
    static func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.unavailable("can't open \(path): \(reason)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError.unavailable("can't sync \(path): \(reason)") }
    }

    /// Puts a file in another's place, in one step.
    ///
    /// - Throws: ``StorageError/unavailable(_:)``.
    static func move(_ path: String, to destination: String) throws {
        guard rename(path, destination) == 0 else { throw StorageError.unavailable("can't write \(destination): \(reason)") }
        try synchronize(URL(filePath: destination).deletingLastPathComponent().path)
    }

    static func removeIfPresent(_ paths: String...) throws {
        for path in paths {
            guard unlink(path) == 0 || errno == ENOENT else { throw StorageError.unavailable("can't remove \(path): \(reason)") }
        }
    }

    /// - Returns: size and SHA-256, in hexadecimal digits.
    /// - Throws: what keeps the file from being read.
    static func digest(of path: String, progress: (_ bytes: Int) -> Void) throws -> (bytes: Int, sha256: String) {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        var hash = SHA256()
        var bytes = 0
        while let chunk = try file.read(upToCount: chunkBytes), !chunk.isEmpty {
            hash.update(data: chunk)
            bytes += chunk.count
            progress(bytes)
        }
        return (bytes, hash.finalize().hexadecimal)
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
