import SeededRandom

/// Lets several clients act at the same time, each with dice of its own.
func atOnce(clients: Int, seed: UInt64, _ play: @escaping @Sendable (inout SplitMix64) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for client in 0..<clients {
            group.addTask {
                var dice = SplitMix64(seed: seed &* 1_000 &+ UInt64(client))
                try await play(&dice)
            }
        }
        try await group.waitForAll()
    }
}
