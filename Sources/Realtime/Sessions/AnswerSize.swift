import Wire

/// What of the publications that were missed comes with an answer. All channels of a connect result share one.
struct AnswerSize {
    private(set) var events = 0
    private(set) var bytes = 0

    /// - Parameter areDeltas: as differences they are texts in JSON, where quotes and backslashes are two bytes each.
    mutating func add(_ publications: some Sequence<Publication>, areDeltas: Bool) {
        for publication in publications {
            events += 1
            bytes += (areDeltas ? 2 : 1) * publication.data.bytes.count
        }
    }
}
