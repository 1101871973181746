import Core

/// Why a rule is refused. It names the part, so that a person can mend it.
public struct RecurrenceError: DomainError, Hashable {
    public enum Situation: String, Hashable, Sendable {
        case unsupported = "recurrence.unsupported"
        case malformed = "recurrence.malformed"
        case contradiction = "recurrence.contradiction"
    }

    public let situation: Situation
    /// `BYHOUR`; `RRULE` for the rule as a whole.
    public let part: String
    public let detail: String

    public var code: String { situation.rawValue }
    public var kind: ErrorKind { .invalid }

    init(_ situation: Situation, _ part: String, _ detail: String) {
        self.situation = situation
        self.part = part
        self.detail = "\(part): \(detail)"
    }
}
