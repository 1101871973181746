import Core
import Wire

/// Stands for rooms in `Identifier<Room>`.
enum Room {}

enum Mood: String, Codable, CaseIterable, Sendable {
    case calm
    case loud
}

/// A request with a member of every kind that requests have.
struct BookRoom: Endpoint {
    struct Guest: Codable, Hashable, Sendable {
        let name: String
        let age: Int?
    }

    struct Response: Codable, Sendable {
        let id: Identifier<BookRoom>
        let guests: [Guest]
        let labels: [String: String]
        let note: String?
        let extra: RawJSON
    }

    static let operation = Operation(
        "test.rooms.book", .post, "/rooms/{room_id}/bookings", success: .created, access: .signedIn, summary: "Books a room."
    )

    let roomID: Identifier<Room>
    let date: LocalDate
    let from: LocalTime
    let at: Instant?
    let title: String?
    let count: Int?
    let mood: Mood?
    let guests: [Guest]?
    let isPrivate: Bool?
    let price: Double?

    enum CodingKeys: String, CodingKey {
        case roomID = "room_id"
        case date, from, at, title, count, mood, guests
        case isPrivate = "is_private"
        case price
    }

    func validate(_ check: inout Validation) {
        check("room_id", roomID)
        check("title", title, length: 1...10)
        check("count", count, in: 1...20)
        check("guests", guests, countMax: 3)
    }
}
