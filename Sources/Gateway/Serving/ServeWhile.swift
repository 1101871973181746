/// Serves for as long as a piece of work takes, and returns once what serves has left in good order: the same for the whole of Ringside and
/// for the engine alone.
///
/// - Parameters:
///   - run: serves, and says when it has started and how it is ended in good order.
///   - body: the piece of work.
/// - Throws: what keeps `run` from starting, what the body throws, `CancellationError` when `run` ended before it had started.
public func serveWhile<Started: Sendable, Result: Sendable>(
    _ run:
        @escaping @Sendable (
            _ onStarted: @escaping @Sendable (Started, _ stop: @escaping @Sendable () async -> Void) async -> Void
        ) async throws -> Void,
    does body: @Sendable (Started) async throws -> Result
) async throws -> Result {
    let (starts, started) = AsyncStream<(Started, @Sendable () async -> Void)>.makeStream(bufferingPolicy: .bufferingNewest(1))
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { started.finish() }
            try await run { start, stop in started.yield((start, stop)) }
        }
        // The body runs outside of the call that serves, which accepts nobody before it has returned.
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
        await stop()
        try await group.waitForAll()
        return try result.get()
    }
}
