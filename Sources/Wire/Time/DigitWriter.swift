/// Writes dates and times in ASCII into a buffer that is large enough.
struct DigitWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    /// How much is written.
    private(set) var length = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        self.buffer = buffer
    }

    /// A number of so many digits at most, with leading zeros.
    mutating func write(_ number: Int, width: Int) {
        var rest = number
        for place in stride(from: width - 1, through: 0, by: -1) {
            buffer[length + place] = UInt8(48 + rest % 10)
            rest /= 10
        }
        length += width
    }

    mutating func write(_ character: Unicode.Scalar) {
        buffer[length] = UInt8(truncatingIfNeeded: character.value)
        length += 1
    }

    /// `YYYY-MM-DD`.
    mutating func write(_ date: CivilDate) {
        write(date.year, width: 4)
        write("-")
        write(date.month, width: 2)
        write("-")
        write(date.day, width: 2)
    }
}
