import Core
import Foundation
import Storage
import Wire

/// When a place is open: ranges on days of the week. No range at all means always.
public struct OpeningHours: Codable, Hashable, Sendable {
    /// One stretch of one day of the week.
    public struct Range: Codable, Hashable, Sendable {
        /// 1 for Monday to 7 for Sunday.
        public let weekday: Int
        public let open: LocalTime
        /// After `open`; `24:00` is the end of the day.
        public let close: LocalTime
    }

    /// Three ranges for each day are more than any place has.
    static let rangesMax = 21

    static let always = OpeningHours(ranges: [])

    public let ranges: [Range]

    init(ranges: [Range]) { self.ranges = ranges }

    public init(from decoder: any Decoder) throws {
        ranges = try [Range](from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try ranges.encode(to: encoder)
    }

    /// Whether a stretch of a day lies within one of the ranges.
    func admit(_ date: LocalDate, _ start: LocalTime, _ end: LocalTime) -> Bool {
        ranges.isEmpty || ranges.contains { $0.weekday == date.weekday && $0.open <= start && end <= $0.close }
    }
}

extension OpeningHours: SQLConvertible {
    public var sqlValue: SQLValue {
        .text(ranges.map { "\($0.weekday) \($0.open) \($0.close)" }.joined(separator: ","))
    }

    public init(sqlValue: SQLValue) throws {
        ranges = try String(sqlValue: sqlValue).split(separator: ",").map { text in
            let parts = text.split(separator: " ")
            guard parts.count == 3, let weekday = Int(parts[0]), let open = LocalTime(String(parts[1])),
                let close = LocalTime(String(parts[2]))
            else { throw StorageError.typeMismatch(expected: "opening hours", found: "text") }
            return Range(weekday: weekday, open: open, close: close)
        }
    }
}

extension Validation {
    /// The rules on opening hours.
    mutating func callAsFunction(_ field: String, _ hours: OpeningHours?) {
        self(field, hours?.ranges, countMax: OpeningHours.rangesMax)
        let ranges = hours?.ranges ?? []
        self(
            field, ranges.allSatisfy { (1...7).contains($0.weekday) && $0.open < $0.close }, code: "range",
            detail: "each range needs a weekday from 1 (Monday) to 7 and must open before it closes"
        )
    }
}

extension OpeningHours: SchemaDescribing {
    public static var schema: Schema { Schema(describing: [Range].self) }
}
