import Gateway

extension Server {
    /// Serves for as long as a piece of work takes, and returns once the server has left in good order. Signals are not listened to.
    ///
    /// - Throws: what keeps the server from starting, what the body throws, `CancellationError` when it ended before it had started.
    public func serve<Result: Sendable>(during body: @Sendable (Started) async throws -> Result) async throws -> Result {
        try await serveWhile({ onStarted in try await run(signals: [], onStarted: onStarted) }, does: body)
    }
}
