import Core
import Foundation
import Storage
import Testing
import Wire

@Suite(.enabled(if: TestStore.isSQLite, "it is about SQLite's files")) struct DatabaseFileTests {
    @Test func `a second server on the same file is refused until the first has ended`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            let first = try TestDatabase(in: .sqlite(path: path))
            #expect(throws: StorageError.inUse(path: path)) { try TestDatabase(in: .sqlite(path: path)) }
            #expect(try lockFromAnotherProcess(path).terminationStatusAfterExit == 1)
            await first.database.close()
            let second = try TestDatabase(in: .sqlite(path: path))
            await second.database.close()
        }
    }

    @Test func `a lock of a killed process is gone with it`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            let holder = try lockFromAnotherProcess(path, andRun: "echo locked; read forever")
            _ = holder.output.fileHandleForReading.availableData
            #expect(throws: StorageError.inUse(path: path)) { try TestDatabase(in: .sqlite(path: path)) }
            kill(holder.process.processIdentifier, SIGKILL)
            holder.process.waitUntilExit()
            let opened = try TestDatabase(in: .sqlite(path: path))
            await opened.database.close()
        }
    }

    @Test func `nobody but the owner may read the file`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            let test = try TestDatabase(in: .sqlite(path: path))
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("x") }
            for suffix in ["", "-wal", "-shm", ".lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
            await test.database.close()
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            try Data(repeating: 7, count: 4_096).write(to: URL(fileURLWithPath: path))
            #expect(throws: StorageError.self) { try TestDatabase(in: .sqlite(path: path)) }
        }
    }

    @Test func `a directory that does not exist is refused`() {
        #expect(throws: StorageError.self) { try TestDatabase(in: .sqlite(path: "/nowhere/at/all/test.sqlite")) }
    }

    /// Takes the lock as another server would.
    private func lockFromAnotherProcess(_ path: String, andRun command: String = "true") throws -> OtherProcess {
        let other = OtherProcess()
        other.process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        other.process.arguments = ["flock", "--no-fork", "-n", path + ".lock", "sh", "-c", command]
        other.process.standardOutput = other.output
        other.process.standardInput = other.input
        try other.process.run()
        return other
    }

    private struct OtherProcess {
        let process = Process()
        let output = Pipe()
        let input = Pipe()

        var terminationStatusAfterExit: Int32 {
            process.waitUntilExit()
            return process.terminationStatus
        }
    }
}
