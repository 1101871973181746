import Core
import ICalendar
import Storage
import Wire

/// What calendar programs read at a secret address. Who has the address is let in; there is no signing in.
public struct CalendarFeeds: Sendable {
    /// A calendar as it is served.
    public struct Document: Sendable {
        public let bytes: [UInt8]
        /// When anything in it last changed.
        public let changedAt: Instant
    }

    /// What an address is asked for, by its ending.
    enum Form: String, CaseIterable {
        case calendar = ".ics"
        /// Only when there is no time.
        case freeBusy = ".ifb"
    }

    /// At the root of every port that has the meeting rooms.
    public static let path = "/feeds"
    public static let mediaType = CalendarFeed.mediaType

    private let database: Database
    private let timeZones: any TimeZones

    public init(database: Database, timeZones: any TimeZones) {
        self.database = database
        self.timeZones = timeZones
    }

    /// - Parameter file: the last part of the address.
    /// - Returns: nil where there is no such address, any more or at all.
    /// - Throws: `StorageError`, `RequestError.overloaded`, `LocalTimeError`.
    public func read(_ file: String) async throws -> Document? {
        guard let form = Form.allCases.first(where: { file.hasSuffix($0.rawValue) }),
            let secret = LinkSecret(text: file.dropLast(form.rawValue.count))
        else { return nil }
        let contents = try await database.read { snapshot in
            try snapshot.feed(opening: secret).flatMap { try snapshot.contents(of: $0) }
        }
        return try contents.map { contents in
            let bytes =
                switch form {
                case .calendar: try contents.calendar(timeZones).bytes(timeZones)
                case .freeBusy: contents.freeBusy.bytes
                }
            return Document(bytes: bytes, changedAt: contents.changedAt)
        }
    }
}
