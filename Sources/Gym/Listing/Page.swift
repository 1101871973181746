/// A page of a list. `next_cursor` asks for the one after it and is absent on the last.
public struct Page<Item: Codable & Sendable>: Codable, Sendable {
    public let items: [Item]
    public let nextCursor: String?

    /// The bounds of `limit`, and what holds when it is absent.
    static var limitRange: ClosedRange<Int64> { 1...100 }
    static var limitDefault: Int { 50 }

    /// - Parameter rows: one more than `limit` where there is a next page.
    init(_ rows: [Item], limit: Int, cursor: (Item) -> Int64) {
        items = Array(rows.prefix(limit))
        nextCursor = rows.count > limit ? items.last.map { String(cursor($0)) } : nil
    }

    enum CodingKeys: String, CodingKey {
        case items
        case nextCursor = "next_cursor"
    }
}
