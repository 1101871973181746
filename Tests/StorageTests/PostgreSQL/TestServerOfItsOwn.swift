import Foundation

/// A PostgreSQL server of one test, which it may restart.
struct TestServerOfItsOwn: Sendable {
    enum Kind: String {
        /// What it acknowledges is on the disk.
        case durable = "--durable"
        /// It lets nobody in whose connection is not encrypted.
        case encrypted = "--encrypted"
    }

    let url: String
    private let directory: String

    /// In PEM, who has signed the certificate of an encrypted server.
    var signer: String { directory + "/root.pem" }
    /// In PEM, somebody who has not.
    var stranger: String { directory + "/other.pem" }

    static func run(_ kind: Kind = .durable, _ body: (TestServerOfItsOwn) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "ringside-postgresql-\(UUID().uuidString)").path
        let url = try await script("start", directory, kind.rawValue)
        do {
            try await body(TestServerOfItsOwn(url: url, directory: directory))
        } catch {
            _ = try await script("stop", directory)
            throw error
        }
        _ = try await script("stop", directory)
    }

    /// As a power cut would, with a recovery.
    func restart() async throws {
        _ = try await Self.script("restart", directory)
    }

    private static func script(_ arguments: String...) async throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let process = Process()
        let output = Pipe()
        process.executableURL = root.appending(path: "scripts/postgresql.sh")
        process.arguments = arguments
        process.standardOutput = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { process in
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                if process.terminationStatus == 0 {
                    continuation.resume(returning: text.trimmingCharacters(in: .whitespacesAndNewlines))
                } else {
                    continuation.resume(throwing: ScriptError(status: process.terminationStatus))
                }
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    private struct ScriptError: Error {
        let status: Int32
    }
}
