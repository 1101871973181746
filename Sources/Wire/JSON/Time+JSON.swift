/// Instants, dates and times of day are in most answers and events: they are written in place, without a string in between.
extension Instant: JSONWritable {
    func write(to bytes: inout [UInt8]) {
        bytes.appendJSON(asciiBytesMax: Self.rfc3339BytesMax) { writeRFC3339(into: $0) }
    }
}

extension LocalDate: JSONWritable {
    func write(to bytes: inout [UInt8]) {
        bytes.appendJSON(asciiBytesMax: Self.textBytes) { write(into: $0) }
    }
}

extension LocalTime: JSONWritable {
    func write(to bytes: inout [UInt8]) {
        bytes.appendJSON(asciiBytesMax: Self.textBytes) { write(into: $0) }
    }
}

extension [UInt8] {
    /// A string of so many characters at most, none of which needs an escape; `write` answers how many there are.
    fileprivate mutating func appendJSON(asciiBytesMax: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        append(UInt8(ascii: "\""))
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: asciiBytesMax) { buffer in
            let length = write(buffer)
            append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<length]))
        }
        append(UInt8(ascii: "\""))
    }
}
