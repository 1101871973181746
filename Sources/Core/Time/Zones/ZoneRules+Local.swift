import Wire

/// When a wall clock shows a local time.
public enum LocalPlace: Hashable, Sendable {
    case once(Instant)
    /// The clock was set back over it.
    case twice(first: Instant, second: Instant)
    /// The clock was moved forward over it; `shifted` is when it would have shown it, had it not been moved.
    case never(shifted: Instant)
}

/// What is meant by a local time that does not exist.
public enum GapPolicy: Sendable {
    case refuse
    /// As much later as the clock was moved: half past two becomes half past three.
    case shift
}

extension ZoneRules {
    /// When the wall clock shows a local time.
    public func place(of local: LocalDateTime) -> LocalPlace {
        let wall = local.secondsSinceEpoch
        var found: [Int64] = []
        // Every offset that was in force within a day or so of it could be meant: Samoa left out a whole day.
        var since = wall - Int64(ZoneOffset.range.upperBound) - 1
        var offset = Int64(self.offset(atSecond: since).seconds)
        var shifted = wall - offset
        while true {
            let change = nextChange(afterSecond: since)
            let candidate = wall - offset
            if candidate >= since, candidate < change?.second ?? .max { found.append(candidate) }
            guard let change, change.second <= wall - Int64(ZoneOffset.range.lowerBound) else { break }
            let next = Int64(change.after.seconds)
            if wall >= change.second + offset, wall < change.second + next { shifted = wall - offset }
            since = change.second
            offset = next
        }
        guard let first = found.first, let last = found.last else { return .never(shifted: Instant(seconds: shifted)) }
        return first == last ? .once(Instant(seconds: first)) : .twice(first: Instant(seconds: first), second: Instant(seconds: last))
    }

    /// The instant of a local time, the first where there are two.
    ///
    /// - Throws: ``LocalTimeError/gap`` where there is none and it is to be refused.
    public func instant(of local: LocalDateTime, onGap policy: GapPolicy = .refuse) throws(LocalTimeError) -> Instant {
        switch (place(of: local), policy) {
        case (.once(let instant), _), (.twice(first: let instant, second: _), _), (.never(shifted: let instant), .shift): return instant
        case (.never, .refuse): throw .gap
        }
    }
}

extension Instant {
    fileprivate init(seconds: Int64) { self.init(microseconds: seconds * 1_000_000) }
}
