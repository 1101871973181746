/// The delta format of the Fossil version control system, in which a publication can be told as its difference to the one before
/// (protocol A.10): the size of the target, a line break, then pieces copied from the base (`length@offset,`) and pieces of new text
/// (`length:text`), at last a checksum of the target (`sum;`). Numbers are written in base 64.
///
/// A delta of two texts in UTF-8 is UTF-8 itself: no piece of new text begins or ends within a code point, so a delta can travel in a JSON
/// string.
public enum FossilDelta {
    /// What a client calls it when it asks for deltas.
    public static let name = "fossil"
    /// The longest text that is compared or rebuilt. A publication may not be longer than a frame, which is far less.
    public static let textBytesMax = 4 << 20

    /// How to make `target` of `base`; nil when that would take no less room than the target itself, and for texts that are too long.
    ///
    /// The work grows with the length of both texts, whatever they hold.
    public static func encode(from base: [UInt8], to target: [UInt8]) -> [UInt8]? {
        guard base.count <= textBytesMax, target.count <= textBytesMax else { return nil }
        var delta: [UInt8] = []
        delta.reserveCapacity(min(target.count, 1_024))
        delta.appendDeltaNumber(UInt32(truncatingIfNeeded: target.count))
        delta.append(UInt8(ascii: "\n"))
        var written = 0
        var matches = DeltaMatches(base: base, target: target)
        while let match = matches.next() {
            delta.appendNew(target[written..<match.target.lowerBound])
            delta.appendCopy(match.target.count, from: match.base)
            written = match.target.upperBound
            guard delta.count < target.count else { return nil }
        }
        delta.appendNew(target[written...])
        delta.appendDeltaNumber(checksum(of: target))
        delta.append(UInt8(ascii: ";"))
        return delta.count < target.count ? delta : nil
    }

    /// The text that a delta makes of `base`.
    ///
    /// - Throws: ``DeltaError`` for whatever is not exactly a delta on that very base.
    public static func apply(_ delta: [UInt8], to base: [UInt8]) throws(DeltaError) -> [UInt8] {
        var reader = DeltaReader(delta)
        let size = Int(try reader.number())
        guard reader.skip("\n") else { throw .malformed }
        guard size <= textBytesMax else { throw .tooLong }
        var target: [UInt8] = []
        while true {
            let number = try reader.number()
            switch reader.next() {
            case UInt8(ascii: "@"):
                let offset = Int(try reader.number())
                guard reader.skip(","), offset <= base.count, Int(number) <= base.count - offset else { throw .malformed }
                guard Int(number) <= size - target.count else { throw .malformed }
                target.append(contentsOf: base[offset..<offset + Int(number)])
            case UInt8(ascii: ":"):
                guard Int(number) <= size - target.count, let text = reader.take(Int(number)) else { throw .malformed }
                target.append(contentsOf: text)
            case UInt8(ascii: ";"):
                guard reader.isAtEnd, target.count == size else { throw .malformed }
                guard number == checksum(of: target) else { throw .otherBase }
                return target
            default:
                throw .malformed
            }
        }
    }

    /// The sum of the text's 32-bit words, big-endian, the last one filled up with zeros.
    static func checksum(of text: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for (index, byte) in text.enumerated() { sum &+= UInt32(byte) << UInt32(24 - 8 * (index & 3)) }
        return sum
    }
}

/// Why a delta could not be applied.
public enum DeltaError: Error, Hashable, Sendable {
    /// Not what the format's grammar allows.
    case malformed
    /// Rebuilds more than ``FossilDelta/textBytesMax``.
    case tooLong
    /// Made for another base.
    case otherBase
}
