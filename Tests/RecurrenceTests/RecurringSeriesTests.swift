import Core
import Recurrence
import Testing
import Wire

@Suite struct RecurringSeriesTests {
    @Test func `a Monday at nine stays at nine when the clocks change`() throws {
        let expansion = try unfold("2026-03-23T09:00", "FREQ=WEEKLY;COUNT=2", in: "Europe/Berlin")
        #expect(expansion.occurrences.map(\.instant.rfc3339) == ["2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z"])
        #expect(expansion.isComplete)
    }

    @Test func `monthly on the 31st and yearly on the 29th of February pass over what does not exist`() throws {
        let monthly = try unfold("2026-01-31T09:00", "FREQ=MONTHLY;COUNT=4")
        #expect(dates(monthly) == ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"])
        let yearly = try unfold("2024-02-29T09:00", "FREQ=YEARLY;COUNT=3")
        #expect(dates(yearly) == ["2024-02-29", "2028-02-29", "2032-02-29"])
    }

    @Test func `weekdays with and without an ordinal are joined`() throws {
        let expansion = try unfold("2026-06-01T09:00", "FREQ=MONTHLY;BYDAY=MO,-1FR;COUNT=6")
        #expect(dates(expansion) == ["2026-06-01", "2026-06-08", "2026-06-15", "2026-06-22", "2026-06-26", "2026-06-29"])
    }

    @Test func `of a week that has begun the positions are counted from its beginning`() throws {
        // The start is a Wednesday: the first of its week's days is over.
        let expansion = try unfold("2026-07-01T09:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1;COUNT=2")
        #expect(dates(expansion) == ["2026-07-06", "2026-07-13"])
    }

    @Test func `in a gap an occurrence is skipped and not counted, shifted, or refused`() throws {
        let (start, rule) = ("2026-03-28T02:30", "FREQ=DAILY;COUNT=2")
        let skipped = try unfold(start, rule, in: "Europe/Berlin")
        #expect(dates(skipped) == ["2026-03-28", "2026-03-30"])
        #expect(skipped.gaps.map(\.description) == ["2026-03-29T02:30:00"])
        let shifted = try unfold(start, rule, in: "Europe/Berlin", onGap: .shift)
        #expect(shifted.occurrences.last?.instant.rfc3339 == "2026-03-29T01:30:00Z")
        #expect(shifted.occurrences.last?.local.description == "2026-03-29T02:30:00")
        #expect(throws: LocalTimeError.gap) { try unfold(start, rule, in: "Europe/Berlin", onGap: .refuse) }
        // The gap comes after the end.
        #expect(try unfold(start, "FREQ=DAILY;UNTIL=20260328T120000Z", in: "Europe/Berlin", onGap: .refuse).isComplete)
    }

    @Test func `hours pass a gap and a fold by the wall clock, and no instant comes twice`() throws {
        let gap = try unfold("2026-03-29T01:30", "FREQ=HOURLY;COUNT=3", in: "Europe/Berlin", onGap: .shift)
        #expect(gap.occurrences.map(\.instant.basic) == ["20260329T003000Z", "20260329T013000Z"])
        let fold = try unfold("2026-10-25T01:30", "FREQ=HOURLY;COUNT=3", in: "Europe/Berlin")
        #expect(fold.occurrences.map(\.instant.basic) == ["20261024T233000Z", "20261025T003000Z", "20261025T023000Z"])
    }

    @Test func `excluded dates count, added ones do not, and a date that is both is excluded`() throws {
        let local = { (text: String) in try #require(LocalDateTime(text)) }
        let series = try RecurringSeries(
            start: local("2026-07-01T09:00"), rule: RecurrenceRule("FREQ=DAILY;COUNT=3"),
            excluding: [local("2026-07-02T09:00"), local("2026-07-09T09:00")],
            adding: [local("2026-06-30T18:00"), local("2026-07-03T09:00"), local("2026-07-09T09:00")]
        )
        let expansion = try series.expand(in: .utc)
        #expect(expansion.occurrences.map(\.local.description) == ["2026-06-30T18:00:00", "2026-07-01T09:00:00", "2026-07-03T09:00:00"])
    }

    @Test func `the end is the last start that is allowed`() throws {
        #expect(dates(try unfold("2026-07-01T09:00", "FREQ=DAILY;UNTIL=20260702T090000Z")).count == 2)
        #expect(dates(try unfold("2026-07-01T09:00", "FREQ=DAILY;UNTIL=20260702T085959Z")).count == 1)
        #expect(dates(try unfold("2026-07-01T09:00", "FREQ=DAILY;UNTIL=20260630T090000Z")).isEmpty)
    }

    @Test func `what has no end is cut after 730 occurrences, what never strikes after a hundred years`() throws {
        let endless = try unfold("2026-07-01T09:00", "FREQ=DAILY")
        #expect(endless.occurrences.count == RecurrenceRule.occurrencesMax)
        #expect(!endless.isComplete)
        #expect(try unfold("2026-07-01T09:00", "FREQ=DAILY;COUNT=730").isComplete)
        for rule in ["YEARLY", "MONTHLY", "DAILY", "HOURLY"].map({ "FREQ=\($0);BYMONTH=2;BYMONTHDAY=30" }) {
            let never = try unfold("2026-07-01T09:00", rule)
            #expect(never.occurrences.isEmpty && !never.isComplete)
        }
        #expect(dates(try unfold("2026-02-28T09:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")).last == "2124-02-29")
        #expect(dates(try unfold("9999-12-30T09:00", "FREQ=DAILY")) == ["9999-12-30", "9999-12-31"])
    }

    @Test func `a start that does not fit the rule is no occurrence`() throws {
        #expect(dates(try unfold("2026-07-01T09:00", "FREQ=WEEKLY;BYDAY=TU;COUNT=1")) == ["2026-07-07"])
    }

    private static let zones = Result { try TimeZoneDatabase() }

    private func unfold(
        _ start: String, _ rule: String, in zone: String = "UTC", onGap policy: OccurrenceGapPolicy = .skip
    ) throws -> Expansion {
        try RecurringSeries(start: #require(LocalDateTime(start)), rule: RecurrenceRule(rule))
            .expand(in: Self.zones.get().rules(of: zone), onGap: policy)
    }

    private func dates(_ expansion: Expansion) -> [String] { expansion.occurrences.map(\.local.date.description) }
}
