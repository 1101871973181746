import Club
import SeededRandom
import Testing
import Wire

@Suite struct ClubGeneratorTests {
    private let firstDay = LocalDate(daysSinceEpoch: 20_000)

    @Test func `the same seed makes the same club and another seed another`() {
        let club = ClubGenerator(seed: 7, bookings: 500).club(from: firstDay)

        #expect(ClubGenerator(seed: 7, bookings: 500).club(from: firstDay) == club)
        #expect(ClubGenerator(seed: 8, bookings: 500).club(from: firstDay) != club)
    }

    @Test(arguments: [(1, 1, 1), (3, 5, 700), (9, 30, 4_000)])
    func `a club has the size that was asked for`(facilities: Int, members: Int, bookings: Int) {
        let club = ClubGenerator(seed: 1, facilities: facilities, members: members, bookings: bookings).club(from: firstDay)

        #expect(club.facilities.count == facilities)
        #expect(club.members.count == members)
        #expect(club.bookings.count == bookings)
        #expect(club.days?.lowerBound == firstDay)
    }

    @Test func `no facility is taken twice and nobody is in two places at once`() {
        let club = ClubGenerator(seed: 3, members: 6, bookings: 2_000).club(from: firstDay)
        var taken: Set<[Int]> = []

        for booking in club.bookings {
            for minute in stride(from: booking.startTime.minuteOfDay, to: booking.endTime.minuteOfDay, by: 30) {
                let place = [booking.date.daysSinceEpoch, minute, 0, booking.facilityID]
                #expect(taken.insert(place).inserted)
                guard booking.memberID != ClubData.guestID else { continue }
                let person = [booking.date.daysSinceEpoch, minute, 1, booking.memberID]
                #expect(taken.insert(person).inserted)
            }
        }
    }

    @Test func `the generator follows the published algorithm`() {
        // The first outputs of SplitMix64 for the seed 1234567, as its authors' code prints them.
        var random = SplitMix64(seed: 1_234_567)

        #expect((0..<3).map { _ in random.next() } == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }
}
