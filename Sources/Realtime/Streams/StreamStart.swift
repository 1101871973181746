import DequeModule
import Wire

/// Where a new watcher of a channel begins.
struct StreamStart {
    enum Recovery {
        /// Nothing was asked for: from now on.
        case fresh
        /// Exactly what was missed since the position asked for, oldest first.
        case recovered([Broadcast])
        /// The position is of another epoch, too old, or in the future: the client loads a snapshot.
        case unrecovered
    }

    /// The last event the watcher has, or does not need: everything after it will be delivered.
    let top: StreamPosition
    let recovery: Recovery

    var isRecovered: Bool { if case .recovered = recovery { true } else { false } }
}

/// Joins entries read from the log with the events that came meanwhile.
///
/// - Parameters:
///   - older: in order of offset, with holes perhaps where the log was pruned.
///   - recent: without holes, ending at `top`, or empty.
/// - Returns: the longest run without holes that ends at `top`.
func mergeHistory(_ older: [Broadcast], before recent: Deque<Broadcast>, top: UInt64) -> Deque<Broadcast> {
    var merged = recent
    var missing = recent.first.map(\.offset) ?? top + 1
    for event in older.reversed() where event.offset < missing {
        guard event.offset + 1 == missing else { break }
        merged.prepend(event)
        missing = event.offset
    }
    return merged
}
