/// A time of day on somebody's wall clock, to the minute: `09:00`. `24:00` is the end of the day.
public struct LocalTime: Hashable, Comparable, Sendable {
    /// 0 to 1,440.
    public let minuteOfDay: Int

    /// Nil outside of 00:00-24:00.
    public init?(minuteOfDay: Int) {
        guard (0...1_440).contains(minuteOfDay) else { return nil }
        self.minuteOfDay = minuteOfDay
    }

    /// Reads `HH:MM`, or `HH:MM:SS` whose seconds are zero.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2), minute < 60 else { return nil }
        if reader.skip(":") {
            guard reader.number(2) == 0 else { return nil }
        }
        guard reader.isAtEnd else { return nil }
        self.init(minuteOfDay: hour * 60 + minute)
    }

    public static func < (left: LocalTime, right: LocalTime) -> Bool { left.minuteOfDay < right.minuteOfDay }
}

extension LocalTime: Codable, CustomStringConvertible {
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textBytes) { write(into: $0) }
    }

    static let textBytes = 5

    /// Writes the ``description`` in ASCII and answers its length; `buffer` holds at least ``textBytes`` bytes.
    func write(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var writer = DigitWriter(buffer)
        writer.write(minuteOfDay / 60, width: 2)
        writer.write(":")
        writer.write(minuteOfDay % 60, width: 2)
        return writer.length
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = LocalTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a time of day such as 09:00")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
