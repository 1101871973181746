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

    /// As the database holds them: `1 09:00 18:00,2 09:00 18:00`. A list of places is read and answered without looking into it.
    private let stored: [UInt8]

    init(ranges: [Range]) {
        stored = Array(ranges.map(\.stored).joined(separator: ",").utf8)
    }

    public var ranges: [Range] {
        starts.compactMap { Range(stored: stored[$0..<$0 + Range.storedBytes]) }
    }

    private var starts: StrideTo<Int> { stride(from: 0, to: stored.count, by: Range.storedBytes + 1) }

    public init(from decoder: any Decoder) throws {
        self.init(ranges: try [Range](from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(json)
    }

    private var json: RawJSON {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stored.count * 4 + 2)
        bytes.append(UInt8(ascii: "["))
        for start in starts {
            if start > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: #"{"weekday":"#.utf8)
            bytes.append(stored[start])
            bytes.append(contentsOf: #","open":""#.utf8)
            bytes.append(contentsOf: stored[start + 2..<start + 7])
            bytes.append(contentsOf: #"","close":""#.utf8)
            bytes.append(contentsOf: stored[start + 8..<start + 13])
            bytes.append(contentsOf: #""}"#.utf8)
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
    public var sqlValue: SQLValue { .utf8(stored) }

    public init(sqlValue: SQLValue) throws {
        stored = Array(try String(sqlValue: sqlValue).utf8)
        guard stored.isEmpty || stored.count % (Range.storedBytes + 1) == Range.storedBytes else {
            throw StorageError.typeMismatch(expected: "opening hours", found: "text")
        }
    }
}

extension OpeningHours.Range {
    fileprivate static let storedBytes = 13

    /// `1 09:00 18:00`; a day that is none becomes 0, which the rules refuse: it must not take the room of two digits.
    fileprivate var stored: String { "\((1...7).contains(weekday) ? weekday : 0) \(open) \(close)" }

    fileprivate init?(stored: ArraySlice<UInt8>) {
        let start = stored.startIndex
        guard let weekday = Int(exactly: stored[start] &- UInt8(ascii: "0")),
            let open = LocalTime(String(decoding: stored[start + 2..<start + 7], as: UTF8.self)),
            let close = LocalTime(String(decoding: stored[start + 8..<start + 13], as: UTF8.self))
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
