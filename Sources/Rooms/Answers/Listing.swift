import Core

/// A list that the document has whole. It ends at a bound all the same, and tells where it goes on.
public struct Listing<Item: Codable & Sendable>: Codable, Sendable, Continued {
    /// Items in one answer, and how many there are where the client does not say.
    static var limitMax: Int { 1_000 }

    public let items: [Item]
    public let nextQuery: String?

    /// - Parameter rows: one more than the window holds where there is a next page.
    init(_ rows: [Item], _ window: PageWindow) {
        items = Array(rows.prefix(window.limit))
        nextQuery = rows.count > window.limit ? "page=\(window.page + 1)&limit=\(window.limit)" : nil
    }

    public init(from decoder: any Decoder) throws {
        items = try [Item](from: decoder)
        nextQuery = nil
    }

    public func encode(to encoder: any Encoder) throws {
        try items.encode(to: encoder)
    }
}
