import CPostgreSQL

/// Whole tables, in and out, for programs that copy them. All of this waits, and is no part of a pipeline.
extension PostgreSQLSession {
    /// Asks with a text that was put together; for what names tables, where no value can be bound.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``, ``StorageError``.
    func rows(_ text: String) throws -> [Row] {
        try outsidePipeline {
            guard let result = PQexecParams(handle, text, 0, nil, nil, nil, nil, 1) else { throw lost("no answer") }
            defer { PQclear(result) }
            try check(result)
            var columns: Row.Columns?
            return try PostgreSQLResult(result, columns: &columns).rows
        }
    }

    /// Runs `COPY … FROM STDIN` with what the body sends. One statement, so that foreign keys within the table are looked at when all is there.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``, and what the body throws; nothing is written then.
    func copyIn(_ text: String, _ body: (_ send: ([UInt8]) throws -> Void) throws -> Void) throws {
        try outsidePipeline {
            try beginCopy(text, PGRES_COPY_IN)
            do {
                try body { bytes in
                    let sent = bytes.withUnsafeBytes {
                        PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: $0.count))
                    }
                    guard sent == 1 else { throw lost("the connection broke") }
                }
            } catch {
                PQputCopyEnd(handle, "given up")
                while let result = PQgetResult(handle) { PQclear(result) }
                throw error
            }
            guard PQputCopyEnd(handle, nil) == 1 else { throw lost("the connection broke") }
            try finish()
        }
    }

    /// Runs `COPY … TO STDOUT` and hands over what comes. Whatever the body throws leaves the connection of no use.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``, and what the body throws.
    func copyOut(_ text: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try outsidePipeline {
            try beginCopy(text, PGRES_COPY_OUT)
            while true {
                var data: UnsafeMutablePointer<CChar>?
                let count = PQgetCopyData(handle, &data, 0)
                guard count > 0 else {
                    guard count == -1 else { throw lost("the connection broke") }
                    break
                }
                defer { PQfreemem(data) }
                try body(UnsafeRawBufferPointer(start: data, count: Int(count)))
            }
            try finish()
        }
    }

    private func beginCopy(_ text: String, _ expected: ExecStatusType) throws {
        guard let result = PQexec(handle, text) else { throw lost("no answer") }
        defer { PQclear(result) }
        try check(result)
        guard PQresultStatus(result) == expected else { throw StorageError.statement("no copy was begun") }
    }

    /// Takes every answer, and throws the first failure among them.
    private func finish() throws {
        var failure: PostgreSQLFailure?
        while let result = PQgetResult(handle) {
            if Self.isError(result) { failure = failure ?? PostgreSQLFailure(result) }
            PQclear(result)
        }
        guard PQstatus(handle) == CONNECTION_OK else { throw lost(failure?.message ?? "no answer") }
        if let failure { throw failure }
    }

    private func check(_ result: OpaquePointer) throws {
        let failure = Self.isError(result) ? PostgreSQLFailure(result) : nil
        guard PQstatus(handle) == CONNECTION_OK else { throw lost(failure?.message ?? "no answer") }
        if let failure { throw failure }
    }

    private func outsidePipeline<Result>(_ body: () throws -> Result) throws -> Result {
        PQexitPipelineMode(handle)
        PQsetnonblocking(handle, 0)
        defer {
            PQenterPipelineMode(handle)
            PQsetnonblocking(handle, 1)
        }
        return try body()
    }
}
