/// Reads a time zone as POSIX writes it in `TZ` (Base Definitions 8.3), with the longer times of RFC 9636, section 3.3.1.
struct PosixZoneReader {
    private var rest: ArraySlice<UInt8>

    /// Nil for an empty text: then nothing is known of the time after the table.
    ///
    /// - Throws: ``TZifError/malformedFooter``.
    static func parse(_ text: ArraySlice<UInt8>) throws(TZifError) -> AnnualClock? {
        guard !text.isEmpty else { return nil }
        var reader = PosixZoneReader(rest: text)
        guard let clock = reader.clock(), reader.rest.isEmpty else { throw .malformedFooter }
        return clock
    }

    static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func clock() -> AnnualClock? {
        // POSIX counts offsets to the west.
        guard let name = name(), let west = seconds(hoursMax: 24) else { return nil }
        let standard = ZoneOffset(seconds: -west, isDaylightSaving: false, abbreviation: name)
        guard !rest.isEmpty else { return AnnualClock(standard: standard, daylightSaving: nil) }

        guard let daylightName = self.name() else { return nil }
        var daylightWest = west - 3_600
        if rest.first != UInt8(ascii: ",") {
            guard let given = seconds(hoursMax: 24) else { return nil }
            daylightWest = given
        }
        guard skip(","), let start = moment(), skip(","), let end = moment() else { return nil }
        let daylight = ZoneOffset(seconds: -daylightWest, isDaylightSaving: true, abbreviation: daylightName)
        return AnnualClock(standard: standard, daylightSaving: .init(offset: daylight, start: start, end: end))
    }

    /// Three letters or more, or three of a few other characters in `<…>`.
    private mutating func name() -> String? {
        let isQuoted = skip("<")
        let name = rest.prefix { Self.isNameCharacter($0) && (isQuoted || $0 > UInt8(ascii: "9")) }
        rest = rest.dropFirst(name.count)
        guard (3...16).contains(name.count), !isQuoted || skip(">") else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func moment() -> AnnualMoment? {
        guard let day = day() else { return nil }
        guard skip("/") else { return AnnualMoment(day: day, seconds: 7_200) }
        return seconds(hoursMax: 167).map { AnnualMoment(day: day, seconds: Int64($0)) }
    }

    private mutating func day() -> AnnualMoment.Day? {
        if skip("M") {
            guard let month = number(in: 1...12), skip("."), let week = number(in: 1...5), skip("."), let weekday = number(in: 0...6) else {
                return nil
            }
            return .weekday(month: month, week: week, weekday: weekday)
        }
        if skip("J") { return number(in: 1...365).map { .ofCommonYear($0) } }
        return number(in: 0...365).map { .ofYear($0) }
    }

    /// `[+-]hh[:mm[:ss]]`.
    private mutating func seconds(hoursMax: Int) -> Int? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let hours = number(in: 0...hoursMax) else { return nil }
        var seconds = hours * 3_600
        if skip(":") {
            guard let minutes = number(in: 0...59) else { return nil }
            seconds += minutes * 60
            if skip(":") {
                guard let rest = number(in: 0...59) else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }

    private mutating func number(in range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return range.contains(value) ? value : nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
