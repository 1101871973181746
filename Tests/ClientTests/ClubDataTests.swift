import Club
import Testing
import Wire

@Suite struct ClubDataTests {
    private let facilities = "facid,name,membercost\n0,Tennis Court 1,5\n7,Snooker Table,0\n"
    private let members = "memid,surname,firstname,address\n0,GUEST,GUEST,GUEST\n3,Worthington-Smyth,Tim,\"8 Close, Boston\"\n"
    private let bookings = """
        bookid,facid,memid,starttime,slots
        1,7,3,2012-07-04 13:30:00,3
        0,0,0,2012-07-03 23:00:00,2
        2,0,0,2012-07-04 08:00:00,1
        """

    @Test func `bookings come in time order and last as many half hours as they say`() throws {
        let club = try ClubData(facilities: facilities, members: members, bookings: bookings)

        #expect(club.bookings.map(\.id) == [0, 2, 1])
        #expect(club.bookings[0].endTime == LocalTime("24:00"))
        #expect(club.bookings[2].endTime == LocalTime("15:00"))
        #expect(club.members.map(\.id) == [3])
    }

    @Test func `a booking past midnight is refused`() {
        #expect(throws: ClubData.Failure.pastMidnight(booking: 0)) {
            try ClubData(
                facilities: facilities, members: members, bookings: "bookid,facid,memid,starttime,slots\n0,0,0,2012-07-03 23:30:00,2\n")
        }
    }

    @Test func `a booking of an unknown facility or member is refused`() {
        #expect(throws: ClubData.Failure.unknownFacility(booking: 5)) {
            try ClubData(
                facilities: facilities, members: members, bookings: "bookid,facid,memid,starttime,slots\n5,1,0,2012-07-03 08:00:00,2\n")
        }
        #expect(throws: ClubData.Failure.unknownMember(booking: 5)) {
            try ClubData(
                facilities: facilities, members: members, bookings: "bookid,facid,memid,starttime,slots\n5,0,9,2012-07-03 08:00:00,2\n")
        }
    }

    @Test func `a field that cannot be read is named with its line`() {
        #expect(throws: ClubData.Failure.badField(file: "bookings.csv", line: 2, column: "slots")) {
            try ClubData(
                facilities: facilities, members: members, bookings: "bookid,facid,memid,starttime,slots\n5,0,0,2012-07-03 08:00:00,0\n")
        }
    }

    @Test(arguments: ["2026-03-02", "2026-03-03", "2026-03-04", "2012-07-03", "2011-01-01"])
    func `dates move by the fewest whole weeks`(day: String) throws {
        let club = try ClubData(facilities: facilities, members: members, bookings: bookings)
        let earliest = try #require(LocalDate(day))
        let first = try #require(club.days).lowerBound

        let shifted = club.shifted(toBeginOnOrAfter: earliest)

        let begin = try #require(shifted.days).lowerBound
        #expect(begin.weekday == first.weekday)
        #expect((0...6).contains(begin.daysSinceEpoch - earliest.daysSinceEpoch))
        #expect(shifted.bookings.map(\.startTime) == club.bookings.map(\.startTime))
    }

    @Test func `each booking of the guest has an account of its own`() throws {
        let roster = ClubRoster(try ClubData(facilities: facilities, members: members, bookings: bookings))

        #expect(roster.accounts.map(\.username) == ["tim_worthingtonsmyth_3", "guest_0", "guest_2"])
        #expect(roster.ownerOfBooking == [1, 2, 0])
        #expect(Set(roster.accounts.map(\.phone)).count == 3)
    }
}
