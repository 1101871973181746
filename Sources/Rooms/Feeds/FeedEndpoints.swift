import Core
import Wire

/// The address of a calendar. It is told once, when it is made: only a hash of it is kept.
public struct FeedAddress: Codable, Hashable, Sendable {
    /// At the server's root: `/feeds/<secret>.ics`; with `.ifb` instead, when there is no time and nothing else. Whoever knows it can read
    /// both, without signing in.
    public let path: String
    public let createdAt: Timestamp
}

/// That a calendar has an address.
public struct FeedState: Codable, Hashable, Sendable {
    public let createdAt: Timestamp
}

/// Gives the caller's own calendar an address, which ends the one before.
struct CreateOwnFeed: Endpoint {
    static let operation = Operation(
        "rooms.own-feed.create", .put, "/feed", access: .signedIn, summary: "Make a secret address for one's own calendar",
        isIdempotencyAware: false
    )
    typealias Response = FeedAddress
}

/// Tells since when the caller's own calendar has an address.
struct ReadOwnFeed: Endpoint {
    static let operation = Operation(
        "rooms.own-feed.read", .get, "/feed", access: .signedIn, summary: "Ask whether one's own calendar has an address"
    )
    typealias Response = FeedState
}

/// Ends the address of the caller's own calendar at once.
struct RevokeOwnFeed: Endpoint {
    static let operation = Operation(
        "rooms.own-feed.revoke", .delete, "/feed", success: .noContent, access: .signedIn,
        summary: "Revoke the address of one's own calendar"
    )
    typealias Response = NoContent
}

/// Gives a room's calendar an address, which ends the one before.
struct CreateRoomFeed: Endpoint {
    static let operation = Operation(
        "rooms.room-feed.create", .put, "/rooms/{id}/feed", access: .administrators, summary: "Make a secret address for a room's calendar",
        isIdempotencyAware: false
    )
    typealias Response = FeedAddress

    var id: Room.ID
}

/// Tells since when a room's calendar has an address.
struct ReadRoomFeed: Endpoint {
    static let operation = Operation(
        "rooms.room-feed.read", .get, "/rooms/{id}/feed", access: .administrators, summary: "Ask whether a room's calendar has an address"
    )
    typealias Response = FeedState

    var id: Room.ID
}

/// Ends the address of a room's calendar at once.
struct RevokeRoomFeed: Endpoint {
    static let operation = Operation(
        "rooms.room-feed.revoke", .delete, "/rooms/{id}/feed", success: .noContent, access: .administrators,
        summary: "Revoke the address of a room's calendar"
    )
    typealias Response = NoContent

    var id: Room.ID
}

/// Why there is no calendar.
enum FeedError: String, DomainError {
    case notFound = "calendar_feed.not_found"

    var kind: ErrorKind { .notFound }
    var detail: String { "The calendar has no address." }
}
