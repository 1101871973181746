import Core
import Wire

/// A room that is kept for somebody who is about to reserve it.
public struct RoomHold: Codable, Hashable, Sendable, Located {
    /// What clients know it by.
    public typealias ID = Identifier<RoomHold>

    public let id: ID
    public let roomId: Room.ID
    public let startTime: Timestamp
    public let endTime: Timestamp
    /// Until then it can be confirmed, whatever happens; from this instant on the room is free. The answer's `timestamp` says what the
    /// server's clock shows.
    public let expiresAt: Timestamp

    public var resourcePath: String { "/holds/\(id)" }

    /// How long a room is kept, in seconds; ``secondsDefault`` where the client does not say.
    static let secondsRange: ClosedRange<Int64> = 15...600
    static let secondsDefault: Int64 = 300
    /// Holds of one person at a time.
    static let ofPersonMax = 2
}

/// Somebody's own holds, and the place in the personal stream at which they were read.
public struct OwnHolds: Codable, Hashable, Sendable {
    /// In order of their end; spelled as they are told live.
    public let holds: [RoomHoldDetail]
    public let stream: Stream
}

/// Why a hold can't be had or used.
enum HoldError: String, DomainError {
    case notFound = "room_hold.not_found"
    case expired = "room_hold.expired"
    case ended = "room_hold.ended"
    case tooMany = "room_hold.too_many"

    var kind: ErrorKind { self == .notFound ? .notFound : .conflict }

    var detail: String {
        switch self {
        case .notFound: "There is no such hold."
        case .expired: "The hold has expired: the room is not kept any more."
        case .ended: "The hold was confirmed or released already."
        case .tooMany: "One can hold at most \(RoomHold.ofPersonMax) rooms at a time: confirm or release one first."
        }
    }
}
