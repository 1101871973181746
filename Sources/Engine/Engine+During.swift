extension Engine {
    /// Serves for as long as a piece of work takes, and returns once the engine has left in good order. Signals are not listened to.
    ///
    /// - Throws: what keeps the engine from starting, what the body throws, `CancellationError` when it ended before it had started.
    public func serve<Result: Sendable>(during body: @Sendable (Started) async throws -> Result) async throws -> Result {
        let (starts, started) = AsyncStream<(Started, Stop)>.makeStream(bufferingPolicy: .bufferingNewest(1))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.finish() }
                try await run(handlesSignals: false) { start, stop in started.yield((start, stop)) }
            }
            // The body runs outside of the engine's own call, which accepts nobody before it has returned.
            var iterator = starts.makeAsyncIterator()
            guard let (start, stop) = await iterator.next() else {
                try await group.waitForAll()
                throw CancellationError()
            }
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(start))
            } catch {
                result = .failure(error)
            }
            stop()
            try await group.waitForAll()
            return try result.get()
        }
    }
}
