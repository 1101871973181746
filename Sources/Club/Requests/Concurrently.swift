import Synchronization

/// Does `work` for 0 ..< `count` in order of beginning, at most `width` at a time; the first error cancels the rest.
func concurrently<Result: Sendable>(
    _ count: Int, width: Int, _ work: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
    let turns = Turns(count)
    return try await withThrowingTaskGroup(of: [(Int, Result)].self) { group in
        for _ in 0..<max(1, min(width, count)) {
            group.addTask {
                var done: [(Int, Result)] = []
                while let index = turns.take() {
                    try Task.checkCancellation()
                    done.append((index, try await work(index)))
                }
                return done
            }
        }
        let results = try await group.reduce(into: []) { $0 += $1 }
        return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// Hands out 0 ..< count, each number once, in order.
private final class Turns: Sendable {
    private let count: Int
    private let next = Atomic(0)

    init(_ count: Int) {
        self.count = count
    }

    func take() -> Int? {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return turn < count ? turn : nil
    }
}
