import Foundation

/// What all containers of one encoding write to. Owned by one call of ``JSONByteEncoder``.
///
/// Swift's containers have no end: a brace is closed when something is written to a container further out. A value is known by where
/// its text starts, which no other value at its depth shares, so a container that is used too late is noticed.
final class JSONSink {
    @exclusivity(unchecked) var bytes: [UInt8] = []
    /// Containers that await their closing brace, outermost first.
    @exclusivity(unchecked) private var open: [Level] = []
    /// A container was asked for where no value may stand; the functions that hand out containers cannot throw, so the end does.
    private var isMisused = false

    private struct Level {
        let start: Int
        let closer: UInt8
    }

    /// Writes a value that is not one of the primitive types, at the end of the text.
    func write<Value: Encodable>(_ value: Value, depth: Int) throws {
        let start = bytes.count
        // The types of this list would do without it, at the price of a container each or, for Foundation's three, in a form that no
        // JSON decoder expects. Comparing the types first keeps the dynamic cast away from everything else.
        if Value.self == String.self, let string = value as? String {
            bytes.appendJSON(string)
        } else if Value.self == Int.self, let integer = value as? Int {
            bytes.appendJSON(integer)
        } else if Value.self == RawJSON.self, let raw = value as? RawJSON {
            bytes.append(contentsOf: raw.bytes)
        } else if Value.self == Instant.self, let instant = value as? Instant {
            instant.write(to: &bytes)
        } else if Value.self == LocalDate.self, let date = value as? LocalDate {
            date.write(to: &bytes)
        } else if Value.self == LocalTime.self, let time = value as? LocalTime {
            time.write(to: &bytes)
        } else if Value.self == URL.self, let url = value as? URL {
            bytes.appendJSON(url.absoluteString)
        } else if Value.self == Data.self, let data = value as? Data {
            bytes.appendJSON(data.base64EncodedString())
        } else if Value.self == Decimal.self, let decimal = value as? Decimal {
            guard decimal.isFinite else { throw EncodingError.notFinite(decimal) }
            bytes.append(contentsOf: decimal.description.utf8)
        } else {
            try value.encode(to: JSONValueEncoder(sink: self, depth: depth, start: start))
            guard bytes.count == start else { return }
            guard depth > 0 else {
                throw EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "the value encodes nothing"))
            }
            bytes.append(contentsOf: "{}".utf8)
        }
    }

    /// Opens the container of the value that starts at `start`, or returns to it: a class and its superclass share one.
    func openContainer(_ opener: Unicode.Scalar, _ closer: Unicode.Scalar, depth: Int, start: Int) {
        if isOpen(depth: depth, start: start) {
            close(to: depth + 1)
        } else if bytes.count == start, open.count == depth {
            bytes.append(UInt8(truncatingIfNeeded: opener.value))
            open.append(Level(start: start, closer: UInt8(truncatingIfNeeded: closer.value)))
        } else {
            isMisused = true
        }
    }

    /// Makes the container at this depth the innermost one and sets the comma; false when it was closed already.
    func resume(depth: Int, start: Int) -> Bool {
        guard isOpen(depth: depth, start: start) else {
            isMisused = true
            return false
        }
        close(to: depth + 1)
        if bytes.count > start + 1 { bytes.append(UInt8(ascii: ",")) }
        return true
    }

    /// Closes every container deeper than `depth`.
    func close(to depth: Int) {
        // A super encoder that nobody used has left a name or a comma without a value.
        if bytes.last == UInt8(ascii: ":") || bytes.last == UInt8(ascii: ",") { bytes.append(contentsOf: "{}".utf8) }
        while open.count > depth, let level = open.popLast() { bytes.append(level.closer) }
    }

    func isOpen(depth: Int, start: Int) -> Bool { open.count > depth && open[depth].start == start }

    func check() throws {
        guard !isMisused else { throw EncodingError.misuse }
    }
}

extension EncodingError {
    static var misuse: Self {
        .invalidValue(
            "",
            Context(codingPath: [], debugDescription: "a container was written to after its parent, or a value was written twice")
        )
    }

    static func notFinite(_ value: Any) -> Self {
        .invalidValue(value, Context(codingPath: [], debugDescription: "JSON has no number that is not finite"))
    }
}
