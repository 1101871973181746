import Core
import ForeignPrograms
import SeededRandom
import Testing
import Wire

/// Every zone of the system, judged by another reader of the same files.
@Suite(.enabled(if: ForeignProgram.python(with: "zoneinfo") != nil, "python3 is missing: scripts/setup.sh installs it"))
struct ZoneInfoOracleTests {
    private static let zones = Result { try TimeZoneDatabase() }
    /// 1900 to 2100.
    private static let seconds = -2_208_988_800...4_102_444_800

    @Test func `the same zones are known`() throws {
        let names = try ask(["names"])[0].split(separator: " ").map(String.init)
        #expect(names.count > 400)
        #expect(Set(names) == Set(try Self.zones.get().names))
    }

    @Test func `offsets and abbreviations at random instants, and around every change, are Python's`() throws {
        var random = SplitMix64(seed: 8_536)
        var questions: [String] = []
        var answers: [String] = []
        for (name, rules) in try rulesByName() {
            var instants = (0..<40).map { _ in random.number(in: Self.seconds) }
            for change in changes(of: rules) { instants += [change - 1, change] }
            for instant in instants {
                let offset = rules.offset(at: Instant(seconds: instant))
                questions.append("at \(name) \(instant)")
                answers.append("\(offset.seconds) \(offset.abbreviation)")
            }
        }
        try expect(answers, to: questions)
    }

    @Test func `local times at random, and in and beside every gap and fold, are placed as Python does`() throws {
        var random = SplitMix64(seed: 9_636)
        var questions: [String] = []
        var answers: [String] = []
        for (name, rules) in try rulesByName() {
            var walls = (0..<40).map { _ in random.number(in: Self.seconds) }
            for change in changes(of: rules) {
                let wall = change + rules.offset(at: Instant(seconds: change)).seconds
                walls += [wall - 1, wall, wall + 1, wall + random.number(in: -7_200...7_200), wall + random.number(in: -90_000...90_000)]
            }
            for wall in walls {
                questions.append("local \(name) \(wall)")
                let answer =
                    switch rules.place(of: LocalDateTime(secondsSinceEpoch: Int64(wall))) {
                    case .once(let instant): "once \(instant.seconds)"
                    case .twice(let first, let second): "twice \(first.seconds) \(second.seconds)"
                    case .never(let shifted): "never \(shifted.seconds)"
                    }
                answers.append(answer)
            }
        }
        #expect(answers.contains { $0.hasPrefix("twice") } && answers.contains { $0.hasPrefix("never") })
        try expect(answers, to: questions)
    }

    private func rulesByName() throws -> [(String, ZoneRules)] {
        let zones = try Self.zones.get()
        return try zones.names.sorted().map { ($0, try zones.rules(of: $0)) }
    }

    /// Until 2045: the tables end in 2037, and what comes then is the same every year.
    private func changes(of rules: ZoneRules) -> [Int] {
        var changes: [Int] = []
        var second = Self.seconds.lowerBound
        while let change = rules.nextChange(after: Instant(seconds: second)), change.second < 2_366_841_600 {
            second = Int(change.second)
            changes.append(second)
        }
        return changes
    }

    private func ask(_ questions: [String]) throws -> [Substring] {
        let python = try #require(ForeignProgram.python(with: "zoneinfo"))
        return try python.lines(
            of: "ask-zoneinfo.py", input: questions.joined(separator: "\n") + "\n",
            environment: ["PYTHONTZPATH": TimeZoneDatabase.systemDirectory]
        )
    }

    private func expect(_ answers: [String], to questions: [String]) throws {
        let expected = try ask(questions)
        #expect(expected.count == answers.count)
        let different = zip(questions, zip(answers, expected)).filter { $1.0 != $1.1 }
        #expect(different.isEmpty, "\(different.count) of \(questions.count): \(different.prefix(5))")
    }
}

extension Instant {
    fileprivate init(seconds: Int) { self.init(microseconds: Int64(seconds) * 1_000_000) }
    fileprivate var seconds: Int64 { microseconds / 1_000_000 }
}
