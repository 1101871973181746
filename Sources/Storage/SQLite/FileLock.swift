import Foundation

/// Keeps a second server off a database file: two writers would take each other's offsets for their own.
///
/// An advisory lock on `<file>.lock`, which the system releases when the process ends, whatever ends it.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``StorageError/inUse(path:)``, ``StorageError/unavailable(_:)``.
    init(path: String) throws {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError.unavailable("can't create \(path).lock: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw isHeld ? StorageError.inUse(path: path) : StorageError.unavailable("can't lock \(path).lock: \(reason)")
        }
    }

    /// Lets the next server in now, whoever still holds this object. Only when nothing of the file is in use any more.
    func release() {
        flock(descriptor, LOCK_UN)
    }

    deinit { close(descriptor) }
}
