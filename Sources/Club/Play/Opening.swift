/// What is made on a server before it is played on, in stages that tell how far they are.
protocol Opening: Sendable {
    var progress: ClubPlay.Progress { get }
}

extension Opening {
    /// Requests at a time; registering and signing in wait for the password's hash most of all.
    static var width: Int { 16 }

    /// Makes the things of one stage, several at a time.
    ///
    /// - Returns: them in the order of their numbers.
    func stage<Result: Sendable>(
        _ name: String, _ count: Int, _ work: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> [Result] {
        let meter = ProgressMeter(name, of: count, progress)
        return try await concurrently(count, width: Self.width) { index in
            let result = try await work(index)
            meter.advance()
            return result
        }
    }
}
