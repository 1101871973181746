import Core

extension Database {
    /// Starts a new life of the log: whoever resumes from a position of the old one learns that it has to read a snapshot.
    ///
    /// For the restore of a backup, before the server answers anybody: offsets that were given out after the backup was taken will be given
    /// out again.
    ///
    /// - Throws: ``StorageError``.
    public func rotateEpoch() async throws {
        try await writeUnrecorded(by: .system(requestID: "epoch-rotation")) { tx in
            try tx.execute("UPDATE epoch SET value = \(Epoch.make(tx.randomBytes(Epoch.bytes)))")
        }
    }
}

/// Names of the lives of a log.
enum Epoch {
    static let bytes = 4

    /// Eight hexadecimal characters.
    static func make(_ bytes: [UInt8]) -> String {
        bytes.hexadecimal
    }
}
