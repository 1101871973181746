import Recurrence
import SeededRandom
import Wire

/// Rules and starts at random, of those that RFC 5545 and python-dateutil understand alike.
///
/// Left out: `BYDAY=MO,1FR`, whose union dateutil takes for an intersection; BYSETPOS in a first week that is not whole, of which dateutil
/// counts the rest only; and what never strikes, for which dateutil looks until the year 9999.
struct RandomRules {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func next() throws -> (start: LocalDateTime, rule: RecurrenceRule) {
        let frequency = pick(Frequency.allCases)
        let weekStart = random.number(in: 0...2) == 0 ? pick(Weekday.allCases) : .monday
        let interval = pick(frequency == .yearly ? [1, 1, 2, 3, 4] : frequency == .monthly ? [1, 1, 5, 7] : [1, 1, 2, 3, 5, 10])
        var start = LocalDateTime(secondsSinceEpoch: Int64(random.number(in: 0...70 * 365 * 1_440)) * 60)
        var (months, monthDays, weekdays, setPositions) = ([Int](), [Int](), [OrdinalWeekday](), [Int]())
        if oneIn(3) { months = some(of: Array(1...12)) }
        if oneIn(2), frequency != .weekly {
            monthDays = some(of: (frequency == .yearly || frequency == .monthly) && months.isEmpty ? Self.days : Self.everyMonthsDays)
        }
        if oneIn(2) { weekdays = some(of: Weekday.allCases).map { OrdinalWeekday($0) } }
        if frequency == .monthly || frequency == .yearly {
            if oneIn(3), monthDays.isEmpty, !weekdays.isEmpty {
                let ordinals =
                    frequency == .yearly && months.isEmpty ? [1, 2, 7, 30, 52, 53, -1, -2, -20, -53] : [1, 2, 3, 4, 5, -1, -2, -4, -5]
                weekdays = weekdays.map { OrdinalWeekday($0.weekday, ordinal: pick(ordinals)) }
            } else if oneIn(2), monthDays.isEmpty, !weekdays.isEmpty {
                setPositions = some(of: [1, 2, 3, 4, -1, -2, -3, -4])
            }
        } else if frequency == .weekly, oneIn(3), !weekdays.isEmpty {
            setPositions = [pick([1, -1])]
            start = start.advanced(bySeconds: Int64((weekStart.rawValue - start.date.weekday) * 86_400))
        }
        let rule = try RecurrenceRule(
            frequency, interval: interval, end: end(after: start, frequency), months: months, monthDays: monthDays, weekdays: weekdays,
            setPositions: setPositions, weekStart: weekStart
        )
        return (start, rule)
    }

    private static let days = Array(1...31) + Array(-31 ... -1)
    private static let everyMonthsDays = Array(1...28) + Array(-28 ... -1)

    private mutating func end(after start: LocalDateTime, _ frequency: Frequency) -> RecurrenceRule.End {
        let daysMax = [.yearly: 15_000, .monthly: 3_000, .weekly: 700, .daily: 150, .hourly: 20][frequency, default: 1]
        let until = start.secondsSinceEpoch + Int64(random.number(in: 0...daysMax * 86_400))
        return switch random.number(in: 0...4) {
        case 0: .never
        case 1, 2: .count(random.number(in: 1...60))
        default: .until(Instant(microseconds: until * 1_000_000))
        }
    }

    private mutating func oneIn(_ number: Int) -> Bool { random.number(in: 1...number) == 1 }

    private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[random.number(in: 0...choices.count - 1)] }

    private mutating func some<Element>(of choices: [Element]) -> [Element] {
        (0..<random.number(in: 1...4)).map { _ in pick(choices) }
    }
}
