import Synchronization

/// A count that many tasks keep.
final class Counter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .relaxed) }

    /// - Returns: the count with this one.
    @discardableResult
    func count() -> Int { number.add(1, ordering: .relaxed).newValue }
}

/// Texts that many tasks collect.
final class TextSet: Sendable {
    private let texts = Mutex<Set<String>>([])

    var all: Set<String> { texts.withLock { $0 } }

    func insert(_ text: String) { texts.withLock { _ = $0.insert(text) } }
}
