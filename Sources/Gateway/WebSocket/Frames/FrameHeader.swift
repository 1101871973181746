/// The head of a client's frame (RFC 6455, section 5.2): two bytes, an optional length of two or eight, and a masking key of four.
struct FrameHeader: Equatable {
    var isFinal: Bool
    /// The message that begins here is compressed (RFC 7692, section 6).
    var isDeflated = false
    var opcode: Opcode
    var length: Int
    /// In the byte order of the wire, so that it can be laid over the payload as it is.
    var mask: UInt32

    /// The longest header a client can send.
    static let bytesMax = 14

    enum Decoding: Equatable {
        case incomplete
        case header(FrameHeader, bytes: Int)
        case refused(FrameError)
    }

    /// Reads the header at the start of `bytes`. A refusal waits for no more than the bytes that earn it.
    ///
    /// - Parameter deflates: whether compression was agreed on. It gives the first of the three reserved bits a meaning, in the first frame
    ///   of a message and only there.
    static func decode(_ bytes: UnsafeRawBufferPointer, deflates: Bool) -> Decoding {
        guard bytes.count >= 2 else { return .incomplete }
        let first = bytes[0]
        let second = bytes[1]
        let isDeflated = first & 0x40 != 0
        guard first & 0x30 == 0, deflates || !isDeflated else { return .refused(.reservedBits) }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { return .refused(.reservedOpcode) }
        guard !isDeflated || opcode.beginsMessage else { return .refused(.reservedBits) }
        guard second & 0x80 != 0 else { return .refused(.unmasked) }
        let isFinal = first & 0x80 != 0
        let shortLength = Int(second & 0x7F)
        if opcode.isControl {
            guard isFinal else { return .refused(.controlFragmented) }
            guard shortLength <= 125 else { return .refused(.controlTooLong) }
        }

        let length: Int
        let maskAt: Int
        switch shortLength {
        case 126:
            guard bytes.count >= 4 else { return .incomplete }
            length = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            guard length > 125 else { return .refused(.lengthNotMinimal) }
            maskAt = 4
        case 127:
            guard bytes.count >= 10 else { return .incomplete }
            let wide = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
            guard let narrow = Int(exactly: wide) else { return .refused(.lengthTooLarge) }
            guard narrow > Int(UInt16.max) else { return .refused(.lengthNotMinimal) }
            length = narrow
            maskAt = 10
        default:
            length = shortLength
            maskAt = 2
        }
        guard bytes.count >= maskAt + 4 else { return .incomplete }
        let mask = bytes.loadUnaligned(fromByteOffset: maskAt, as: UInt32.self)
        return .header(FrameHeader(isFinal: isFinal, isDeflated: isDeflated, opcode: opcode, length: length, mask: mask), bytes: maskAt + 4)
    }
}
