extension Instant {
    /// The instant in UTC as RFC 3339 writes it, with as many digits of the fraction as it needs (none, three or six).
    public var rfc3339: String {
        String(unsafeUninitializedCapacity: Self.rfc3339BytesMax) { writeRFC3339(into: $0) }
    }

    static let rfc3339BytesMax = 32

    /// Writes the RFC 3339 form in ASCII and answers its length; `buffer` holds at least ``rfc3339BytesMax`` bytes.
    func writeRFC3339(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var seconds = microseconds / 1_000_000
        var fraction = Int(microseconds % 1_000_000)
        if fraction < 0 {
            seconds -= 1
            fraction += 1_000_000
        }
        var days = Int(seconds / 86_400)
        var secondOfDay = Int(seconds % 86_400)
        if secondOfDay < 0 {
            days -= 1
            secondOfDay += 86_400
        }
        var writer = DigitWriter(buffer)
        writer.write(CivilDate(daysSinceEpoch: days))
        writer.write("T")
        writer.write(secondOfDay / 3_600, width: 2)
        writer.write(":")
        writer.write(secondOfDay / 60 % 60, width: 2)
        writer.write(":")
        writer.write(secondOfDay % 60, width: 2)
        if fraction != 0 {
            writer.write(".")
            if fraction % 1_000 == 0 { writer.write(fraction / 1_000, width: 3) } else { writer.write(fraction, width: 6) }
        }
        writer.write("Z")
        return writer.length
    }

    /// Reads RFC 3339 with any offset (`…Z`, `…+08:00`); digits of the fraction beyond the sixth are cut. Nil when the text is anything else.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"), let day = reader.number(2),
            let date = CivilDate(year: year, month: month, day: day), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(2), hour < 24, reader.skip(":"), let minute = reader.number(2), minute < 60, reader.skip(":"),
            let second = reader.number(2), second < 60
        else { return nil }
        var fraction = 0
        if reader.skip(".") {
            guard let read = reader.fraction() else { return nil }
            fraction = read
        }
        var offset = 0
        if !(reader.skip("Z") || reader.skip("z")) {
            let west = reader.skip("-")
            guard west || reader.skip("+"), let hours = reader.number(2), hours < 24, reader.skip(":"), let minutes = reader.number(2),
                minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1)
        }
        guard reader.isAtEnd else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: Int64(seconds) * 1_000_000 + Int64(fraction))
    }
}

/// Walks over ASCII digits; nothing else of a text is looked at.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    /// Exactly so many digits.
    mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = rest.first, (48...57).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 48)
            rest.removeFirst()
        }
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(truncatingIfNeeded: character.value) else { return false }
        rest.removeFirst()
        return true
    }

    /// One or more digits as microseconds.
    mutating func fraction() -> Int? {
        var value = 0
        var scale = 100_000
        var count = 0
        while let digit = rest.first, (48...57).contains(digit) {
            value += Int(digit - 48) * scale
            scale /= 10
            count += 1
            rest.removeFirst()
        }
        return count > 0 ? value : nil
    }
}
