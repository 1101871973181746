import Core
import Wire

/// There is not enough room.
public struct NoRoomError: DomainError {
    /// What stands in the way.
    public enum Reason: String, Sendable {
        case full
        case relativeTaken = "relative_taken"
    }

    public let reason: Reason
    public let interval: Interval
    public let unitsFree: Int
    /// The time of everything that stands there, where the claim was for free time and not for a window.
    let standing: [Interval]

    /// As many are listed as a person reads.
    static let conflictsMax = 20

    init(reason: Reason, interval: Interval, unitsFree: Int, standing: [Interval] = []) {
        self.reason = reason
        self.interval = interval
        self.unitsFree = unitsFree
        self.standing = standing
    }

    public var code: String { "booking.no_room" }
    public var kind: ErrorKind { .conflict }

    public var detail: String {
        switch reason {
        case .full: "No room is left at that time."
        case .relativeTaken: "A part or the whole of it is taken at that time."
        }
    }

    public var conflicts: [ConflictDetail] {
        (standing.isEmpty ? [interval] : standing).prefix(Self.conflictsMax).map {
            ConflictDetail(reason: reason.rawValue, start: $0.start.rfc3339, end: $0.end.rfc3339, unitsFree: unitsFree)
        }
    }
}
