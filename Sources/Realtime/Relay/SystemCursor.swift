import Wire

/// How far a node has carried out what a system channel says, as a pure state machine: each event once, in the order of the log.
struct SystemCursor {
    enum Verdict: Equatable {
        case apply
        /// It was applied before.
        case known
        /// Something that came before it is missing, and has to be read first.
        case early
    }

    private(set) var position: StreamPosition?

    /// Begins at the log's end: what came before was before this node's time. Without effect once something was applied.
    mutating func begin(at top: StreamPosition) {
        if position == nil { position = top }
    }

    /// Whether a channel that reaches there has anything to apply.
    func isBehind(_ top: StreamPosition) -> Bool {
        guard let position else { return true }
        return position.epoch != top.epoch || position.offset < top.offset
    }

    /// - Parameter mayWait: somebody reads the log, so what is missing will come.
    mutating func receive(_ next: StreamPosition, mayWait: Bool) -> Verdict {
        if let position, position.epoch == next.epoch {
            guard next.offset > position.offset else { return .known }
            guard next.offset == position.offset + 1 || !mayWait else { return .early }
        }
        // In another life of the log nothing is known to be missing.
        position = next
        return .apply
    }
}
