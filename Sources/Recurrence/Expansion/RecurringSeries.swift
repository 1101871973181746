import Core
import Wire

/// A rule with its start and its exceptions, all by the wall clock of one zone: RFC 5545's DTSTART, RRULE, EXDATE and RDATE.
///
/// The rule decides alone what occurs: a start that does not fit it, a Wednesday for every Tuesday, is no occurrence.
public struct RecurringSeries: Hashable, Sendable {
    /// Exceptions of each kind.
    public static let exceptionsMax = RecurrenceRule.occurrencesMax

    public let start: LocalDateTime
    public let rule: RecurrenceRule
    /// Does not occur, though the rule says so; it counts for COUNT all the same.
    public let excluded: Set<LocalDateTime>
    /// Occurs, though the rule does not say so.
    public let added: Set<LocalDateTime>

    /// - Throws: ``RecurrenceError`` when there are more than ``exceptionsMax`` exceptions.
    public init(
        start: LocalDateTime, rule: RecurrenceRule, excluding excluded: Set<LocalDateTime> = [], adding added: Set<LocalDateTime> = []
    ) throws(RecurrenceError) {
        guard excluded.count <= Self.exceptionsMax else { throw .range("EXDATE", "at most \(Self.exceptionsMax)") }
        guard added.count <= Self.exceptionsMax else { throw .range("RDATE", "at most \(Self.exceptionsMax)") }
        self.start = start
        self.rule = rule
        self.excluded = excluded
        self.added = added
    }

    /// Every occurrence, at most ``RecurrenceRule/occurrencesMax``, in the order in which they come.
    ///
    /// A local time that comes twice means its first instant; two that become one instant are one occurrence.
    ///
    /// - Throws: ``LocalTimeError/gap`` where the policy is to refuse.
    public func expand(in zone: ZoneRules, onGap policy: OccurrenceGapPolicy = .skip) throws(LocalTimeError) -> Expansion {
        var unfolding = Unfolding(zone: zone, policy: policy)
        var isComplete = false
        var count = 0
        for local in LocalOccurrences(rule, start: start) {
            let (instant, exists) = unfolding.place(local)
            if case .until(let last) = rule.end, instant > last {
                isComplete = true
                break
            }
            guard try unfolding.admits(local, exists: exists) else {
                if unfolding.gaps.count >= RecurrenceRule.occurrencesMax { break }
                continue
            }
            count += 1
            if !excluded.contains(local) { unfolding.occurrences.append(Occurrence(local: local, instant: instant)) }
            if rule.end == .count(count) {
                isComplete = true
                break
            }
            if unfolding.occurrences.count > RecurrenceRule.occurrencesMax { break }
        }
        for local in added.subtracting(excluded) {
            let (instant, exists) = unfolding.place(local)
            guard try unfolding.admits(local, exists: exists) else { continue }
            unfolding.occurrences.append(Occurrence(local: local, instant: instant))
        }
        return unfolding.finished(isComplete: isComplete)
    }
}

/// What becomes of an occurrence whose local time does not exist.
public enum OccurrenceGapPolicy: Sendable {
    /// It does not occur and is not counted, as RFC 5545 wants it (section 3.3.10); ``Expansion/gaps`` names it.
    case skip
    /// It occurs as much later as the clock was moved.
    case shift
    /// The whole series is refused.
    case refuse
}

/// One occurrence of a series.
public struct Occurrence: Hashable, Sendable {
    /// What the rule says: the occurrence's name (RECURRENCE-ID), also where it was shifted.
    public let local: LocalDateTime
    public let instant: Instant
}

/// A series, unfolded.
public struct Expansion: Hashable, Sendable {
    /// Ascending, no two at one instant.
    public let occurrences: [Occurrence]
    /// Local times that do not exist and were passed over, ascending. A feed had better exclude them: some calendar programs move them instead.
    public let gaps: [LocalDateTime]
    /// Whether these are all: not where the rule has no end, or where its end is beyond what is unfolded.
    public let isComplete: Bool
}

/// What has been found so far.
private struct Unfolding {
    let zone: ZoneRules
    let policy: OccurrenceGapPolicy
    var occurrences: [Occurrence] = []
    var gaps: [LocalDateTime] = []

    func place(_ local: LocalDateTime) -> (instant: Instant, exists: Bool) {
        switch zone.place(of: local) {
        case .once(let instant), .twice(first: let instant, second: _): (instant, true)
        case .never(let shifted): (shifted, false)
        }
    }

    mutating func admits(_ local: LocalDateTime, exists: Bool) throws(LocalTimeError) -> Bool {
        if exists { return true }
        switch policy {
        case .skip:
            gaps.append(local)
            return false
        case .shift: return true
        case .refuse: throw .gap
        }
    }

    func finished(isComplete: Bool) -> Expansion {
        var last: Instant?
        let distinct = occurrences.sorted { ($0.instant, $0.local) < ($1.instant, $1.local) }.filter { occurrence in
            defer { last = occurrence.instant }
            return occurrence.instant != last
        }
        let kept = distinct.prefix(RecurrenceRule.occurrencesMax)
        return Expansion(occurrences: Array(kept), gaps: gaps.sorted(), isComplete: isComplete && kept.count == distinct.count)
    }
}
