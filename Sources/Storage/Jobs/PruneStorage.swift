/// Removes what is past its age: events, answers to idempotent requests, dead letters. One node's work at a time.
public struct PruneStorage: RecurringJobKind {
    public static let kind = "storage.prune"
    public static let intervalSeconds: Int64 = 600
    /// A history that has piled up goes in many small commits.
    public static let runSecondsMax: Int64 = 3_600

    public init() {}
}
