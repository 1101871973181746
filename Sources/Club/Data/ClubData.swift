import Wire

/// What happened in a club: its facilities, its members and every booking, on a grid of half hours.
public struct ClubData: Hashable, Sendable {
    /// Something one party at a time can book: a court, a table, a room.
    public struct Facility: Hashable, Sendable {
        public let id: Int
        public let name: String
    }

    /// A person, by name alone: addresses and telephone numbers are not read.
    public struct Member: Hashable, Sendable {
        public let id: Int
        public let firstName: String
        public let surname: String
    }

    public struct Booking: Hashable, Sendable {
        public let id: Int
        public let facilityID: Int
        /// ``ClubData/guestID`` for somebody who is no member.
        public let memberID: Int
        public let date: LocalDate
        public let startTime: LocalTime
        /// At most 24:00 of the same day.
        public let endTime: LocalTime
    }

    /// Stands for many people: each booking of it is somebody else's.
    public static let guestID = 0

    public var facilities: [Facility]
    /// Without the guest.
    public var members: [Member]
    /// By the time they begin, then by id.
    public private(set) var bookings: [Booking]

    public init(facilities: [Facility], members: [Member], bookings: [Booking]) {
        self.facilities = facilities
        self.members = members
        self.bookings = bookings.sorted { ($0.date, $0.startTime, $0.id) < ($1.date, $1.startTime, $1.id) }
    }

    /// The first and the last day with a booking; nil without bookings.
    public var days: ClosedRange<LocalDate>? {
        guard let first = bookings.first?.date, let last = bookings.last?.date else { return nil }
        return first...last
    }

    /// The same bookings, moved by as few whole weeks as bring the first one to `day` or later; weekdays stay what they were.
    public func shifted(toBeginOnOrAfter day: LocalDate) -> ClubData {
        guard let first = days?.lowerBound else { return self }
        let distance = day.daysSinceEpoch - first.daysSinceEpoch
        // Rounded up, also where the bookings lie in the future.
        let weeks = distance > 0 ? (distance + 6) / 7 : distance / 7
        return ClubData(facilities: facilities, members: members, bookings: bookings.map { $0.moved(byDays: weeks * 7) })
    }
}

extension ClubData.Booking {
    fileprivate func moved(byDays days: Int) -> Self {
        Self(id: id, facilityID: facilityID, memberID: memberID, date: date.advanced(byDays: days), startTime: startTime, endTime: endTime)
    }
}
