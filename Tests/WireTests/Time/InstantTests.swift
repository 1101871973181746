import SeededRandom
import Testing
import Wire

@Suite struct InstantTests {
    /// 0000-01-01T00:00:00Z to the last microsecond of 9999.
    private static let range: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999

    @Test func `20,000 random instants of the years 0 to 9999 read back as they were written`() {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<20_000 {
            var microseconds = Int64.random(in: Self.range, using: &generator)
            // Whole seconds and milliseconds have forms of their own.
            switch Int.random(in: 0...2, using: &generator) {
            case 0: microseconds -= microseconds % 1_000_000
            case 1: microseconds -= microseconds % 1_000
            default: break
            }
            let instant = Instant(microseconds: microseconds)
            #expect(Instant(rfc3339: instant.rfc3339) == instant, "\(microseconds)")
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (-1_000_000, "1969-12-31T23:59:59Z"),
            (-1_500_000, "1969-12-31T23:59:58.500Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (1_782_867_600_120_000, "2026-07-01T01:00:00.120Z"),
            (-62_167_219_200_000_000, "0000-01-01T00:00:00Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)])
    func `instants are written with as many digits as they need`(microseconds: Int64, text: String) {
        #expect(Instant(microseconds: microseconds).rfc3339 == text)
        #expect(Instant(rfc3339: text) == Instant(microseconds: microseconds))
    }

    @Test(arguments: [
        ("2026-07-01T09:00:00+08:00", "2026-07-01T01:00:00Z"),
        ("2026-06-30T21:30:00-03:30", "2026-07-01T01:00:00Z"),
        ("2026-07-01t01:00:00z", "2026-07-01T01:00:00Z"),
        ("2026-07-01 01:00:00Z", "2026-07-01T01:00:00Z"),
        ("2026-07-01T01:00:00.1234569Z", "2026-07-01T01:00:00.123456Z"),
        ("1969-12-31T23:59:59.5+00:00", "1969-12-31T23:59:59.500Z"),
    ])
    func `offsets, small letters and long fractions are understood`(text: String, utc: String) {
        #expect(Instant(rfc3339: text)?.rfc3339 == utc)
    }

    @Test(arguments: [
        "", "2026", "2026-07-01", "2026-07-01T01:00Z", "2026-07-01T01:00:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-07-01T24:00:00Z", "2026-07-01T00:60:00Z", "2026-07-01T00:00:60Z",
        "2026-07-01T00:00:00.Z", "2026-07-01T00:00:00+8:00", "2026-07-01T00:00:00+24:00", "2026-07-01T00:00:00Zx", " 2026-07-01T00:00:00Z",
        "２０２６-07-01T00:00:00Z", "-026-07-01T00:00:00Z",
    ])
    func `anything else is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }
}
