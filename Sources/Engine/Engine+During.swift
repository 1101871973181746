import Gateway

extension Engine {
    /// Serves for as long as a piece of work takes, and returns once the engine has left in good order. Signals are not listened to.
    ///
    /// - Throws: what keeps the engine from starting, what the body throws, `CancellationError` when it ended before it had started.
    public func serve<Result: Sendable>(during body: @Sendable (Started) async throws -> Result) async throws -> Result {
        try await serveWhile({ onStarted in try await run(handlesSignals: false, onStarted: onStarted) }, does: body)
    }
}
