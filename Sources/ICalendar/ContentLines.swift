/// Writes content lines (RFC 5545, section 3.1): ended by CRLF, folded at 75 octets, and never within a character, so that a Chinese name
/// survives a reader that looks at single lines.
struct ContentLines {
    static let lineBytesMax = 75

    private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - name: with its parameters, `DTSTART;TZID=Europe/Berlin`.
    ///   - value: as it stands on the line; free text goes through ``add(_:text:)``.
    mutating func add(_ name: String, _ value: String) {
        var room = Self.lineBytesMax
        for scalar in "\(name):\(value)".unicodeScalars {
            let encoded = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            if encoded.count > room {
                bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: " ")]
                room = Self.lineBytesMax - 1
            }
            bytes += encoded
            room -= encoded.count
        }
        bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    /// Free text: what would end the value or the line is escaped (section 3.3.11), and control characters, which the format forbids, are
    /// left out. So nobody who names a meeting can add a line to the calendar.
    mutating func add(_ name: String, text: String) {
        var escaped = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped.append(contentsOf: ["\\", scalar])
            case "\n" where last == "\r": break
            case "\r", "\n": escaped.append(contentsOf: ["\\", "n"])
            case "\t": escaped.append(scalar)
            default: if scalar.properties.generalCategory != .control { escaped.append(scalar) }
            }
            last = scalar
        }
        add(name, String(escaped))
    }

    /// A component: `BEGIN`, what the closure adds, `END`.
    mutating func component<Failure: Error>(_ name: String, _ content: (inout Self) throws(Failure) -> Void) throws(Failure) {
        add("BEGIN", name)
        try content(&self)
        add("END", name)
    }

    /// An iCalendar object: what each has to begin with, then what the closure adds.
    mutating func calendar<Failure: Error>(_ content: (inout Self) throws(Failure) -> Void) throws(Failure) {
        try component("VCALENDAR") { lines throws(Failure) in
            lines.add("VERSION", "2.0")
            lines.add("PRODID", "-//Ringside//Ringside//EN")
            lines.add("CALSCALE", "GREGORIAN")
            try content(&lines)
        }
    }
}
