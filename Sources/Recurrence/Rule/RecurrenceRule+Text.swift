import Core
import Wire

extension RecurrenceRule: Codable, CustomStringConvertible {
    /// Longer than any rule with every part.
    public static let textBytesMax = 1_000

    /// Reads the value of an RRULE, `FREQ=MONTHLY;BYDAY=-1FR`, in any order of its parts and in either case.
    ///
    /// UNTIL is in UTC: a series keeps wall time and zone, and there RFC 5545 wants it so.
    ///
    /// - Throws: ``RecurrenceError`` that names the part.
    public init(_ text: String) throws(RecurrenceError) {
        guard text.utf8.count <= Self.textBytesMax else { throw RecurrenceError(.malformed, "RRULE", "it is too long.") }
        var parts = try RuleParts(text)
        guard let name = parts.take("FREQ") else { throw RecurrenceError(.malformed, "FREQ", "it is missing.") }
        guard let frequency = Frequency(rawValue: String(name)) else { throw .unknownFrequency(name) }
        try self.init(
            frequency, interval: parts.number("INTERVAL") ?? 1, end: parts.end(), months: parts.numbers("BYMONTH"),
            monthDays: parts.numbers("BYMONTHDAY"), weekdays: parts.weekdays(), setPositions: parts.numbers("BYSETPOS"),
            weekStart: parts.weekStart()
        )
    }

    /// The value of an RRULE, without what goes without saying.
    public var description: String {
        var parts = ["FREQ=\(frequency.rawValue)"]
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        switch end {
        case .never: break
        case .count(let count): parts.append("COUNT=\(count)")
        case .until(let instant): parts.append("UNTIL=\(instant.basic)")
        }
        for (name, values) in [
            ("BYMONTH", months.map(String.init)), ("BYMONTHDAY", monthDays.map(String.init)), ("BYDAY", weekdays.map(\.description)),
            ("BYSETPOS", setPositions.map(String.init)),
        ] where !values.isEmpty {
            parts.append("\(name)=\(values.joined(separator: ","))")
        }
        if weekStart != .monday { parts.append("WKST=\(weekStart.code)") }
        return parts.joined(separator: ";")
    }

    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension RecurrenceRule: SchemaDescribing {
    public static var schema: Schema {
        var schema = Schema(.string, example: "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20")
        schema.lengthMax = textBytesMax
        return schema
    }
}

extension RecurrenceError {
    fileprivate static func unknownFrequency(_ name: Substring) -> Self {
        let known = Frequency.allCases.map(\.rawValue).joined(separator: ", ")
        return Self(["SECONDLY", "MINUTELY"].contains(name) ? .unsupported : .malformed, "FREQ", "expected \(known).")
    }
}
