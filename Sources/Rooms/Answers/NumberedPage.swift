import Core

/// A page of a list by its number, with how much there is.
public struct NumberedPage<Item: Codable & Sendable>: Codable, Sendable {
    public struct Meta: Codable, Sendable {
        /// Items on all pages.
        public let total: Int
        public let page: Int
        public let limit: Int
        public let totalPages: Int
    }

    public let items: [Item]
    public let meta: Meta

    init(_ items: [Item], total: Int, _ window: PageWindow) {
        self.items = items
        meta = Meta(total: total, page: window.page, limit: window.limit, totalPages: (total + window.limit - 1) / window.limit)
    }
}

/// Which part of a list is asked for.
struct PageWindow {
    static let pageRange: ClosedRange<Int64> = 1...1_000_000

    let page: Int
    /// Items on a page.
    let limit: Int

    init(page: Int?, limit: Int?, limitDefault: Int) {
        self.page = page ?? 1
        self.limit = limit ?? limitDefault
    }

    /// Items on the pages before.
    var offset: Int { (page - 1) * limit }
}

extension Validation {
    /// The words that ask for a page.
    mutating func page(_ page: Int?, limit: Int?, limitMax: Int64) {
        self("page", page, in: PageWindow.pageRange)
        self("limit", limit, in: 1...limitMax)
    }
}
