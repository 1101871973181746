import ArgumentParser

/// Refuses an option that is out of its bounds, by its name.
///
/// - Throws: `ValidationError`.
func expect(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else { throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound).") }
}
