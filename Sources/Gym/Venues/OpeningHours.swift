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
        var container = encoder.singleValueContainer()
        try container.encode(json)
    }

    /// Written by hand: a list of places holds hundreds of ranges, and a generic encoder would spend most of the answer's time on them.
    private var json: RawJSON {
        var bytes = Array("[".utf8)
        bytes.reserveCapacity(ranges.count * 48 + 2)
        for (index, range) in ranges.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "{\"weekday\":\(range.weekday),\"open\":\"\(range.open)\",\"close\":\"\(range.close)\"}".utf8)
        }
        bytes.append(UInt8(ascii: "]"))
        return RawJSON(bytes: bytes)
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
        let text = try String(sqlValue: sqlValue)
        let ranges = text.utf8.isEmpty ? [] : text.utf8.split(separator: UInt8(ascii: ",")).compactMap(Range.init(stored:))
        guard text.utf8.count == ranges.count * Range.storedBytes + max(ranges.count - 1, 0) else {
            throw StorageError.typeMismatch(expected: "opening hours", found: "text")
        }
        self.ranges = ranges
    }
}

extension OpeningHours.Range {
    /// `1 09:00 18:00`
    fileprivate static let storedBytes = 13

    fileprivate init?(stored: Substring.UTF8View) {
        let text = Array(stored)
        guard text.count == Self.storedBytes, text[1] == UInt8(ascii: " "), text[7] == UInt8(ascii: " "),
            let weekday = Int(exactly: text[0] &- UInt8(ascii: "0")), (1...7).contains(weekday),
            let open = LocalTime(String(decoding: text[2..<7], as: UTF8.self)),
            let close = LocalTime(String(decoding: text[8..<13], as: UTF8.self))
        else { return nil }
        self.init(weekday: weekday, open: open, close: close)
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
