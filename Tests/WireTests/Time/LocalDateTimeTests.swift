import SeededRandom
import Testing
import Wire

@Suite struct LocalDateTimeTests {
    @Test func `local times of the years 0 to 9999 read back as they were written`() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<5_000 {
            let local = LocalDateTime(secondsSinceEpoch: Int64(random.number(in: -62_167_219_200...253_402_300_799)))
            #expect(LocalDateTime(local.description) == local)
            #expect((0..<86_400).contains(local.secondOfDay))
        }
    }

    @Test func `seconds may be left out, and midnight may be the end of a day`() throws {
        #expect(LocalDateTime("2026-07-01T09:00") == LocalDateTime("2026-07-01T09:00:00"))
        let date = try #require(LocalDate("2026-12-31"))
        #expect(LocalDateTime(date, try #require(LocalTime("24:00"))).description == "2027-01-01T00:00:00")
        #expect(LocalDateTime("1969-12-31T23:59:59")?.secondsSinceEpoch == -1)
    }

    @Test(arguments: [
        "", "2026-07-01", "2026-07-01 09:00", "2026-07-01T09", "2026-07-01T24:00", "2026-02-29T09:00", "2026-07-01T09:60",
        "2026-07-01T09:00:60",
        "2026-07-01T09:00:00Z", "2026-07-01T09:00:00.5", "２026-07-01T09:00",
    ])
    func `anything looser is refused`(text: String) {
        #expect(LocalDateTime(text) == nil)
    }
}
