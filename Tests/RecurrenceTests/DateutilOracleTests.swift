import Core
import ForeignPrograms
import Recurrence
import SeededRandom
import Testing
import Wire

/// Rules at random, judged by python-dateutil.
@Suite(
    .enabled(
        if: ForeignProgram.python(with: "zoneinfo", "dateutil.rrule") != nil, "python-dateutil is missing: scripts/setup.sh installs it"))
struct DateutilOracleTests {
    private static let zones = ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca"]

    @Test func `1,000 rules in six zones occur when dateutil says`() throws {
        try compare(rules: 1_000, limit: 40, seed: 5_545)
    }

    @Test func `rules are unfolded to the last of 730 occurrences as dateutil does`() throws {
        try compare(rules: 60, limit: RecurrenceRule.occurrencesMax, seed: 730)
    }

    private func compare(rules count: Int, limit: Int, seed: UInt64) throws {
        let zones = try TimeZoneDatabase()
        var rules = RandomRules(seed: seed)
        var random = SplitMix64(seed: seed)
        var questions: [String] = []
        var answers: [String] = []
        for _ in 0..<count {
            let (start, rule) = try rules.next()
            let zone = Self.zones[random.number(in: 0...Self.zones.count - 1)]
            let expansion = try RecurringSeries(start: start, rule: rule).expand(in: zones.rules(of: zone))
            questions.append("\(start.basic) \(zone) \(limit) 100 \(rule)")
            answers.append(expansion.occurrences.prefix(limit).map(\.instant.basic).joined(separator: " "))
        }
        let python = try #require(ForeignProgram.python(with: "zoneinfo", "dateutil.rrule"))
        let expected = try python.lines(
            of: "ask-dateutil.py", input: questions.joined(separator: "\n") + "\n",
            environment: ["PYTHONTZPATH": TimeZoneDatabase.systemDirectory]
        )
        #expect(expected.count == answers.count)
        let different = zip(questions, zip(answers, expected)).filter { $1.0 != $1.1 }
        #expect(different.isEmpty, "\(different.count) of \(questions.count): \(different.prefix(3))")
        #expect(answers.count { !$0.isEmpty } > answers.count * 3 / 4, "most rules strike at all")
    }
}
