/// A client's frame, byte by byte: right ones, and wrong ones on purpose.
struct ClientFrame {
    var first: UInt8
    var payload: [UInt8]
    var mask: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D]
    /// 7, 16 or 64 bits; nil for the shortest that fits.
    var lengthBits: Int?

    init(_ opcode: UInt8, _ payload: [UInt8] = [], isFinal: Bool = true) {
        first = (isFinal ? 0x80 : 0) | opcode
        self.payload = payload
    }

    static func text(_ text: String, isFinal: Bool = true) -> ClientFrame { ClientFrame(0x1, Array(text.utf8), isFinal: isFinal) }
    static func binary(_ bytes: [UInt8], isFinal: Bool = true) -> ClientFrame { ClientFrame(0x2, bytes, isFinal: isFinal) }
    static func more(_ bytes: [UInt8], isFinal: Bool = true) -> ClientFrame { ClientFrame(0x0, bytes, isFinal: isFinal) }
    static func ping(_ text: String) -> ClientFrame { ClientFrame(0x9, Array(text.utf8)) }
    static func close(_ code: UInt16, _ reason: [UInt8] = []) -> ClientFrame {
        ClientFrame(0x8, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    func unmasked() -> ClientFrame {
        var frame = self
        frame.mask = nil
        return frame
    }

    func length(bits: Int) -> ClientFrame {
        var frame = self
        frame.lengthBits = bits
        return frame
    }

    /// The message that begins with this frame is compressed; the payload has to be.
    func deflated() -> ClientFrame {
        var frame = self
        frame.first |= 0x40
        return frame
    }

    func firstByte(_ byte: UInt8) -> ClientFrame {
        var frame = self
        frame.first = byte
        return frame
    }

    var bytes: [UInt8] {
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        let bits = lengthBits ?? (payload.count <= 125 ? 7 : payload.count <= 0xFFFF ? 16 : 64)
        var bytes = [first]
        switch bits {
        case 7: bytes.append(maskBit | UInt8(payload.count))
        case 16: bytes += [maskBit | 126] + (0..<2).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
        default: bytes += [maskBit | 127] + (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
        }
        guard let mask else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }
}

extension Array where Element == ClientFrame {
    var bytes: [UInt8] { flatMap(\.bytes) }
}

/// A server's frame as a client reads it: complete, unmasked, nothing left over.
struct ServerFrame: Equatable {
    var opcode: UInt8
    var payload: [UInt8]
    var isDeflated = false

    var text: String { String(decoding: payload, as: UTF8.self) }
    var closeCode: UInt16? { opcode == 0x8 && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil }

    /// Takes the first frame off `bytes`; nil when it is not complete.
    static func take(from bytes: inout ArraySlice<UInt8>) -> ServerFrame? {
        let all = Array(bytes.prefix(10))
        guard all.count >= 2 else { return nil }
        var headerBytes = 2
        var length = Int(all[1] & 0x7F)
        if length == 126 { headerBytes = 4 } else if length == 127 { headerBytes = 10 }
        guard all.count >= headerBytes else { return nil }
        if headerBytes > 2 {
            length = all[2..<headerBytes].reduce(0) { $0 << 8 | Int($1) }
        }
        guard bytes.count >= headerBytes + length, all[1] & 0x80 == 0, all[0] & 0xB0 == 0x80 else { return nil }
        let payload = bytes.dropFirst(headerBytes).prefix(length)
        bytes = bytes.dropFirst(headerBytes + length)
        return ServerFrame(opcode: all[0] & 0x0F, payload: Array(payload), isDeflated: all[0] & 0x40 != 0)
    }
}
