import Core
import Wire

/// What opens the display at a room's door. It is told once, when it is made: only a hash of it is kept.
public struct DisplayLink: Codable, Hashable, Sendable {
    /// At the server's root: `/rooms/<id>/display#<secret>`. The secret stands where browsers send it to nobody, and nobody logs it. Whoever
    /// has it sees when the room is taken, without signing in.
    public let path: String
    public let createdAt: Timestamp
}

/// That a room's display has a link.
public struct DisplayLinkState: Codable, Hashable, Sendable {
    public let createdAt: Timestamp
}

/// Makes a link for a room's display, which ends the one before.
struct CreateDisplayLink: Endpoint {
    static let operation = Operation(
        "rooms.display-link.create", .put, "/rooms/{id}/display-link", access: .administrators,
        summary: "Make a secret link for the display at a room's door", isIdempotencyAware: false
    )
    typealias Response = DisplayLink

    var id: Room.ID
}

/// Tells since when a room's display has a link.
struct ReadDisplayLink: Endpoint {
    static let operation = Operation(
        "rooms.display-link.read", .get, "/rooms/{id}/display-link", access: .administrators,
        summary: "Ask whether a room's display has a link"
    )
    typealias Response = DisplayLinkState

    var id: Room.ID
}

/// Ends the link of a room's display, and the displays that it has opened.
struct RevokeDisplayLink: Endpoint {
    static let operation = Operation(
        "rooms.display-link.revoke", .delete, "/rooms/{id}/display-link", success: .noContent, access: .administrators,
        summary: "Revoke the link of a room's display"
    )
    typealias Response = NoContent

    var id: Room.ID
}

/// Why there is no display.
enum DisplayError: String, DomainError {
    case notFound = "room_display.not_found"

    var kind: ErrorKind { .notFound }
    var detail: String { "The room's display has no link." }
}
