import Foundation
import Recurrence
import Testing
import Wire

@Suite struct RecurrenceRuleTests {
    @Test func `4,000 rules read back as they were written`() throws {
        var rules = RandomRules(seed: 1)
        for _ in 0..<4_000 {
            let rule = try rules.next().rule
            #expect(try RecurrenceRule(rule.description) == rule, "\(rule)")
        }
    }

    @Test func `parts may come in any order and in either case, and what goes without saying is not written`() throws {
        let rule = try RecurrenceRule("byday=fr,MO,+1su;Interval=1;wkst=MO;freq=monthly;UNTIL=20261231T235959z")
        #expect(rule.description == "FREQ=MONTHLY;UNTIL=20261231T235959Z;BYDAY=MO,FR,1SU")
        #expect(rule.end == .until(try #require(Instant(rfc3339: "2026-12-31T23:59:59Z"))))
    }

    @Test(
        arguments: [
            ("", "RRULE"), ("FREQ", "RRULE"), ("FREQ=DAILY;", "RRULE"), ("FREQ=DAILY=1", "RRULE"), ("=1", "RRULE"),
            ("FR\u{130}Q=DAILY", "RRULE"),
            ("RRULE:FREQ=DAILY", "RRULE"), ("INTERVAL=2", "FREQ"), ("FREQ=", "FREQ"), ("FREQ=FORTNIGHTLY", "FREQ"),
            ("FREQ=DAILY;FREQ=DAILY", "FREQ"), ("FREQ=DAILY;INTERVAL=0", "INTERVAL"), ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
            ("FREQ=DAILY;INTERVAL=1001", "INTERVAL"), ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL"),
            ("FREQ=DAILY;COUNT=0", "COUNT"), ("FREQ=DAILY;COUNT=731", "COUNT"), ("FREQ=DAILY;COUNT=\u{661}", "COUNT"),
            ("FREQ=DAILY;UNTIL=20261231", "UNTIL"), ("FREQ=DAILY;UNTIL=20261231T235959", "UNTIL"),
            ("FREQ=DAILY;UNTIL=20260230T000000Z", "UNTIL"), ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY"), ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY"),
            ("FREQ=MONTHLY;BYDAY=MO,", "BYDAY"), ("FREQ=MONTHLY;BYDAY=XX", "BYDAY"), ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
            ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"), ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY"),
            ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
            ("FREQ=YEARLY;BYMONTH=", "BYMONTH"), ("FREQ=YEARLY;BYMONTH=1;BYSETPOS=0", "BYSETPOS"),
            ("FREQ=YEARLY;BYMONTH=1;BYSETPOS=367", "BYSETPOS"), ("FREQ=DAILY;WKST=1MO", "WKST"),
        ])
    func `what is malformed is refused by the name of its part`(text: String, part: String) {
        let error = #expect(throws: RecurrenceError.self) { try RecurrenceRule(text) }
        #expect(error?.part == part)
        #expect(error?.code == "recurrence.malformed")
    }

    @Test(
        arguments: [
            ("FREQ=SECONDLY", "FREQ"), ("FREQ=MINUTELY;INTERVAL=30", "FREQ"), ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
            ("FREQ=DAILY;BYMINUTE=0", "BYMINUTE"), ("FREQ=DAILY;BYSECOND=0", "BYSECOND"), ("FREQ=YEARLY;BYYEARDAY=1", "BYYEARDAY"),
            ("FREQ=YEARLY;BYWEEKNO=1", "BYWEEKNO"), ("FREQ=YEARLY;BYEASTER=0", "BYEASTER"), ("RSCALE=CHINESE;FREQ=YEARLY", "RSCALE"),
            ("FREQ=DAILY;BYDAY=MO;BYSETPOS=1", "BYSETPOS"),
        ])
    func `what is not supported is refused by the name of its part`(text: String, part: String) {
        let error = #expect(throws: RecurrenceError.self) { try RecurrenceRule(text) }
        #expect(error?.part == part)
        #expect(error?.code == "recurrence.unsupported")
    }

    @Test(
        arguments: [
            ("FREQ=DAILY;COUNT=2;UNTIL=20261231T235959Z", "COUNT"), ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"), ("FREQ=HOURLY;BYDAY=-1MO", "BYDAY"),
            ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"), ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ])
    func `parts that contradict each other are refused`(text: String, part: String) {
        let error = #expect(throws: RecurrenceError.self) { try RecurrenceRule(text) }
        #expect(error?.part == part)
        #expect(error?.code == "recurrence.contradiction")
    }

    @Test func `in JSON a rule is its text, and the document's example is one`() throws {
        let rule = try RecurrenceRule(#require(RecurrenceRule.schema.example))
        let json = try JSONEncoder().encode([rule])
        #expect(String(decoding: json, as: UTF8.self) == #"["\#(rule)"]"#)
        #expect(try JSONDecoder().decode([RecurrenceRule].self, from: json) == [rule])
        #expect(throws: RecurrenceError.self) { try JSONDecoder().decode([RecurrenceRule].self, from: Data(#"["FREQ=SECONDLY"]"#.utf8)) }
    }

    @Test func `a text without end is refused before it is looked at, and never repeated to the caller`() {
        let long = "FREQ=DAILY;" + String(repeating: "BYMONTH=1,", count: 100_000)
        #expect(throws: RecurrenceError.self) { try RecurrenceRule(long) }
        let error = #expect(throws: RecurrenceError.self) { try RecurrenceRule("FREQ=DAILY;<SCRIPT>=1") }
        #expect(error?.detail == "RRULE: expected NAME=VALUE parts with semicolons between.")
    }
}
