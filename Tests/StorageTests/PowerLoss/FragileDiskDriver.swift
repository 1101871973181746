import Foundation
import GRDBSQLite
import Synchronization

/// Stands between SQLite and the operating system: the files of a ``FragileDisk`` go there, all others their usual way. Locks and shared
/// memory are the system's for both, they don't outlive a power cut anyway.
///
/// It is SQLite's default from its first use on, so that a database is opened on it as a server opens it (https://www.sqlite.org/vfs.html).
enum FragileDiskDriver {
    private struct State {
        var disk: FragileDisk?
        /// The path of each open file, by the address at which SQLite keeps the file.
        var paths: [UInt: String] = [:]
    }

    private static let state = Mutex(State())
    /// Before the system's own part of a file: the pointer to our methods, and what is left of 16 bytes for the sake of alignment.
    private static let headBytes = 16

    /// Puts a disk in for as long as the body takes. One at a time: the test suites run one after the other.
    static func with(_ disk: FragileDisk, _ body: () async throws -> Void) async throws {
        try install.get()
        state.withLock { $0.disk = disk }
        defer { state.withLock { $0.disk = nil } }
        try await body()
    }

    // MARK: The driver

    private struct NotInstalled: Error {}

    private static let install: Result<Void, any Error> = Result {
        guard sqlite3_vfs_register(driver, 1) == SQLITE_OK else { throw NotInstalled() }
    }

    // Written once before anybody knows of it, and only read afterwards.
    nonisolated(unsafe) private static let system: UnsafeMutablePointer<sqlite3_vfs>? = sqlite3_vfs_find(nil)

    // Lives as long as the process, as SQLite demands; SQLite alone touches it once it is registered.
    nonisolated(unsafe) private static let driver: UnsafeMutablePointer<sqlite3_vfs> = {
        // What is not replaced is the system's.
        var vfs = system?.pointee ?? sqlite3_vfs()
        vfs.zName = UnsafePointer(strdup("fragile"))
        vfs.pNext = nil
        vfs.szOsFile += Int32(headBytes)
        vfs.xOpen = { _, name, file, flags, outFlags in
            guard let file, let disk = FragileDiskDriver.disk(of: name), let name else {
                return FragileDiskDriver.system?.pointee.xOpen?(FragileDiskDriver.system, name, file, flags, outFlags) ?? SQLITE_CANTOPEN
            }
            file.pointee.pMethods = nil
            let path = String(cString: name)
            guard
                let code = FragileDiskDriver.system?.pointee.xOpen?(
                    FragileDiskDriver.system, name, FragileDiskDriver.inner(file), flags, outFlags), code == SQLITE_OK
            else { return SQLITE_CANTOPEN }
            file.pointee.pMethods = UnsafePointer(FragileDiskDriver.methods)
            FragileDiskDriver.state.withLock { $0.paths[UInt(bitPattern: file)] = path }
            do { try disk.open(path) } catch {
                _ = FragileDiskDriver.closeInner(file)
                file.pointee.pMethods = nil
                return SQLITE_CANTOPEN
            }
            return SQLITE_OK
        }
        vfs.xDelete = { _, name, syncsDirectory in
            if let disk = FragileDiskDriver.disk(of: name), let name {
                do { try disk.forget(String(cString: name)) } catch { return SQLITE_IOERR | (10 << 8) }
            }
            return FragileDiskDriver.system?.pointee.xDelete?(FragileDiskDriver.system, name, syncsDirectory) ?? SQLITE_IOERR
        }
        vfs.xAccess = { _, name, flags, result in
            // The real file is shorter than programs believe.
            if flags == SQLITE_ACCESS_EXISTS, let disk = FragileDiskDriver.disk(of: name), let name,
                let size = try? disk.size(of: String(cString: name)), size > 0
            {
                result?.pointee = 1
                return SQLITE_OK
            }
            return FragileDiskDriver.system?.pointee.xAccess?(FragileDiskDriver.system, name, flags, result) ?? SQLITE_IOERR
        }
        let place = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        place.initialize(to: vfs)
        return place
    }()

    // As for the driver.
    nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        var methods = sqlite3_io_methods()
        // Version 2: with shared memory for the write-ahead log, without mapped files, which nobody could cut the power of.
        methods.iVersion = 2
        methods.xClose = { FragileDiskDriver.closeInner($0) }
        methods.xRead = { file, buffer, count, offset in
            FragileDiskDriver.operate(file) { disk, path in
                let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
                let read = try disk.read(path, at: Int(offset), into: buffer)
                guard read < buffer.count else { return SQLITE_OK }
                for index in read..<buffer.count { buffer[index] = 0 }
                return SQLITE_IOERR | (2 << 8)
            }
        }
        methods.xWrite = { file, bytes, count, offset in
            FragileDiskDriver.operate(file) { disk, path in
                try disk.write(path, Array(UnsafeRawBufferPointer(start: bytes, count: Int(count))), at: Int(offset))
                return SQLITE_OK
            }
        }
        methods.xTruncate = { file, size in
            FragileDiskDriver.operate(file) { disk, path in
                try disk.truncate(path, to: Int(size))
                return SQLITE_OK
            }
        }
        methods.xSync = { file, _ in
            FragileDiskDriver.operate(file) { disk, path in
                try disk.sync(path)
                return SQLITE_OK
            }
        }
        methods.xFileSize = { file, size in
            FragileDiskDriver.operate(file) { disk, path in
                size?.pointee = sqlite3_int64(try disk.size(of: path))
                return SQLITE_OK
            }
        }
        methods.xLock = { FragileDiskDriver.innerMethods($0)?.xLock?(FragileDiskDriver.inner($0), $1) ?? SQLITE_IOERR }
        methods.xUnlock = { FragileDiskDriver.innerMethods($0)?.xUnlock?(FragileDiskDriver.inner($0), $1) ?? SQLITE_IOERR }
        methods.xCheckReservedLock = {
            FragileDiskDriver.innerMethods($0)?.xCheckReservedLock?(FragileDiskDriver.inner($0), $1) ?? SQLITE_IOERR
        }
        methods.xFileControl = { file, operation, argument in
            // They would change the real file's size.
            if operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE { return SQLITE_NOTFOUND }
            return FragileDiskDriver.innerMethods(file)?.xFileControl?(FragileDiskDriver.inner(file), operation, argument)
                ?? SQLITE_NOTFOUND
        }
        methods.xSectorSize = { FragileDiskDriver.innerMethods($0)?.xSectorSize?(FragileDiskDriver.inner($0)) ?? 4_096 }
        methods.xDeviceCharacteristics = {
            FragileDiskDriver.innerMethods($0)?.xDeviceCharacteristics?(FragileDiskDriver.inner($0)) ?? 0
        }
        methods.xShmMap = {
            FragileDiskDriver.innerMethods($0)?.xShmMap?(FragileDiskDriver.inner($0), $1, $2, $3, $4) ?? SQLITE_IOERR
        }
        methods.xShmLock = { FragileDiskDriver.innerMethods($0)?.xShmLock?(FragileDiskDriver.inner($0), $1, $2, $3) ?? SQLITE_IOERR }
        methods.xShmBarrier = { FragileDiskDriver.innerMethods($0)?.xShmBarrier?(FragileDiskDriver.inner($0)) }
        methods.xShmUnmap = { FragileDiskDriver.innerMethods($0)?.xShmUnmap?(FragileDiskDriver.inner($0), $1) ?? SQLITE_IOERR }
        let place = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        place.initialize(to: methods)
        return place
    }()

    // MARK: Finding the way

    /// The disk that a file belongs to; nil for the files of everybody else, temporary ones without a name among them.
    private static func disk(of name: UnsafePointer<CChar>?) -> FragileDisk? {
        guard let name, let disk = state.withLock({ $0.disk }), disk.holds(String(cString: name)) else { return nil }
        return disk
    }

    private static func operate(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ body: (FragileDisk, String) throws -> Int32
    ) -> Int32 {
        let (disk, path) = state.withLock { ($0.disk, $0.paths[UInt(bitPattern: file)]) }
        guard let disk, let path else { return SQLITE_IOERR }
        do { return try body(disk, path) } catch { return SQLITE_IOERR }
    }

    private static func inner(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<sqlite3_file>? {
        guard let file else { return nil }
        return (UnsafeMutableRawPointer(file) + headBytes).assumingMemoryBound(to: sqlite3_file.self)
    }

    private static func innerMethods(_ file: UnsafeMutablePointer<sqlite3_file>?) -> sqlite3_io_methods? {
        inner(file)?.pointee.pMethods?.pointee
    }

    private static func closeInner(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        state.withLock { $0.paths[UInt(bitPattern: file)] = nil }
        return innerMethods(file)?.xClose?(inner(file)) ?? SQLITE_OK
    }
}
