import SeededRandom
import Wire

/// Makes a club up: of the shape a real one has, and of any size. The same generator makes the same club.
public struct ClubGenerator: Hashable, Sendable {
    public var seed: UInt64
    public var facilityCount: Int
    public var memberCount: Int
    public var bookingCount: Int

    /// Counts below one are taken as one.
    public init(seed: UInt64, facilities: Int = 9, members: Int = 30, bookings: Int = 4_000) {
        self.seed = seed
        facilityCount = max(facilities, 1)
        memberCount = max(members, 1)
        bookingCount = max(bookings, 1)
    }

    private static let facilityNames = [
        "Tennis Court", "Badminton Court", "Table Tennis", "Squash Court", "Billiard Table", "Massage Room", "Climbing Wall", "Golf Cage",
    ]
    private static let firstNames = [
        "Ana", "Ben", "Chen", "Dora", "Emil", "Fang", "Greta", "Hugo", "Ines", "Jun", "Kai", "Lena", "Mei", "Nils", "Olga", "Pavel",
    ]
    private static let surnames = [
        "Abel", "Brandt", "Cao", "Dahl", "Ebner", "Feng", "Gruber", "Huang", "Ivanov", "Jansen", "Koch", "Lin", "Moreau", "Novak", "Okoye",
    ]
    /// How many half hours a booking takes: two or three mostly, as people book.
    private static let lengths = [1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 6]
    private static let openingMinute = 8 * 60
    private static let closingMinute = 20 * 60 + 30
    /// Of ten bookings, this many are made by guests.
    private static let guestsInTen = 2

    /// A club that opens on `firstDay` and is as long open as its bookings need.
    public func club(from firstDay: LocalDate) -> ClubData {
        var random = SplitMix64(seed: seed)
        let facilities = (0..<facilityCount).map { index in
            let names = Self.facilityNames
            return ClubData.Facility(id: index, name: "\(names[index % names.count]) \(index / names.count + 1)")
        }
        let members = (1...memberCount).map { id in
            ClubData.Member(id: id, firstName: random.pick(Self.firstNames) ?? "", surname: random.pick(Self.surnames) ?? "")
        }
        return ClubData(facilities: facilities, members: members, bookings: bookings(from: firstDay, &random))
    }

    private func bookings(from firstDay: LocalDate, _ random: inout SplitMix64) -> [ClubData.Booking] {
        var bookings: [ClubData.Booking] = []
        bookings.reserveCapacity(bookingCount)
        var date = firstDay
        while bookings.count < bookingCount {
            var day = Day(date: date)
            for facility in 0..<facilityCount { fill(&day, of: facility, into: &bookings, &random) }
            date = date.advanced(byDays: 1)
        }
        return bookings
    }

    /// Walks along one day of one facility, so that no two bookings overlap.
    private func fill(_ day: inout Day, of facility: Int, into bookings: inout [ClubData.Booking], _ random: inout SplitMix64) {
        var minute = Self.openingMinute + 30 * random.number(in: 0...4)
        while bookings.count < bookingCount {
            let end = minute + 30 * (random.pick(Self.lengths) ?? 1)
            guard end <= Self.closingMinute, let startTime = LocalTime(minuteOfDay: minute), let endTime = LocalTime(minuteOfDay: end)
            else { return }
            let isGuest = random.number(in: 1...10) <= Self.guestsInTen
            let member = random.number(in: 1...memberCount)
            bookings.append(
                ClubData.Booking(
                    id: bookings.count,
                    facilityID: facility,
                    memberID: !isGuest && day.take(member, minute..<end) ? member : ClubData.guestID,
                    date: day.date,
                    startTime: startTime,
                    endTime: endTime
                )
            )
            minute = end + 30 * random.number(in: 0...3)
        }
    }

    /// Who is where on one day: nobody is in two places at once, a guest steps in instead.
    private struct Day {
        let date: LocalDate
        private var busy: [Int: [Range<Int>]] = [:]

        init(date: LocalDate) {
            self.date = date
        }

        mutating func take(_ member: Int, _ minutes: Range<Int>) -> Bool {
            guard !busy[member, default: []].contains(where: { $0.overlaps(minutes) }) else { return false }
            busy[member, default: []].append(minutes)
            return true
        }
    }
}
