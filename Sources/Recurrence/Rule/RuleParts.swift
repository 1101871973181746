import Wire

/// The `NAME=VALUE` parts of a rule's text while it is read.
struct RuleParts {
    private var values: [Substring: Substring] = [:]

    private static let known: Set<Substring> = [
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST",
    ]
    /// An unknown name is repeated to the caller, so it has to look like one.
    private static let nameBytesMax = 16

    init(_ text: String) throws(RecurrenceError) {
        for part in text.uppercased().split(separator: ";", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, (1...Self.nameBytesMax).contains(sides[0].utf8.count),
                sides[0].utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "-") })
            else { throw RecurrenceError(.malformed, "RRULE", "expected NAME=VALUE parts with semicolons between.") }
            guard Self.known.contains(sides[0]) else { throw RecurrenceError(.unsupported, String(sides[0]), "it is not supported.") }
            guard values.updateValue(sides[1], forKey: sides[0]) == nil else {
                throw RecurrenceError(.malformed, String(sides[0]), "it is there twice.")
            }
        }
    }

    mutating func take(_ name: Substring) -> Substring? { values.removeValue(forKey: name) }

    mutating func number(_ name: Substring) throws(RecurrenceError) -> Int? {
        guard let text = take(name) else { return nil }
        return try Self.integer(text, of: name, signed: false)
    }

    mutating func numbers(_ name: Substring) throws(RecurrenceError) -> [Int] {
        guard let text = take(name) else { return [] }
        var numbers: [Int] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            numbers.append(try Self.integer(item, of: name, signed: true))
        }
        return numbers
    }

    mutating func end() throws(RecurrenceError) -> RecurrenceRule.End {
        let (count, until) = (try number("COUNT"), take("UNTIL"))
        if count != nil, until != nil { throw RecurrenceError(.contradiction, "COUNT", "it does not go with UNTIL.") }
        if let count { return .count(count) }
        guard let until else { return .never }
        guard let instant = Instant(basic: String(until)) else {
            throw RecurrenceError(.malformed, "UNTIL", "expected a time in UTC such as 20261231T235959Z.")
        }
        return .until(instant)
    }

    mutating func weekdays() throws(RecurrenceError) -> [OrdinalWeekday] {
        guard let text = take("BYDAY") else { return [] }
        var weekdays: [OrdinalWeekday] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let weekday = Weekday(code: item.suffix(2)) else { throw .weekday("BYDAY") }
            let ordinal = item.dropLast(2)
            weekdays.append(
                OrdinalWeekday(weekday, ordinal: ordinal.isEmpty ? nil : try Self.integer(ordinal, of: "BYDAY", signed: true)))
        }
        return weekdays
    }

    mutating func weekStart() throws(RecurrenceError) -> Weekday {
        guard let text = take("WKST") else { return .monday }
        guard let weekday = Weekday(code: text) else { throw .weekday("WKST") }
        return weekday
    }

    /// No part means a number of more than four digits.
    private static func integer(_ text: Substring, of part: Substring, signed: Bool) throws(RecurrenceError) -> Int {
        let digits = signed && (text.first == "-" || text.first == "+") ? text.dropFirst() : text
        guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let number = Int(digits)
        else { throw RecurrenceError(.malformed, String(part), "expected numbers.") }
        return text.first == "-" ? -number : number
    }
}

extension RecurrenceError {
    fileprivate static func weekday(_ part: String) -> Self { Self(.malformed, part, "expected MO, TU, WE, TH, FR, SA or SU.") }
}
