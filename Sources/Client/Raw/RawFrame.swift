/// One WebSocket frame as it stands on the wire (RFC 6455, 5.2), rules or no rules.
public struct RawFrame: Hashable, Sendable {
    public enum Opcode {
        public static let continuation: UInt8 = 0
        public static let text: UInt8 = 1
        public static let binary: UInt8 = 2
        public static let close: UInt8 = 8
        public static let ping: UInt8 = 9
        public static let pong: UInt8 = 10
    }

    public var isFinal: Bool
    /// RSV1 to RSV3 in the lowest three bits; anything but zero needs an extension.
    public var reservedBits: UInt8
    public var opcode: UInt8
    /// Four bytes that the payload is masked with on the wire; nil sends it bare, which a client may not.
    public var maskingKey: [UInt8]?
    /// Never masked here.
    public var payload: [UInt8]

    public init(
        _ opcode: UInt8, _ payload: [UInt8] = [], isFinal: Bool = true, reservedBits: UInt8 = 0,
        maskingKey: [UInt8]? = [0x12, 0x34, 0x56, 0x78]
    ) {
        self.opcode = opcode
        self.payload = payload
        self.isFinal = isFinal
        self.reservedBits = reservedBits
        self.maskingKey = maskingKey
    }

    /// A masked text frame.
    public static func text(_ text: String) -> RawFrame { RawFrame(Opcode.text, Array(text.utf8)) }

    /// The payload as text.
    public var text: String { String(decoding: payload, as: UTF8.self) }

    /// The code of a close frame.
    public var closeCode: UInt16? {
        guard opcode == Opcode.close, payload.count >= 2 else { return nil }
        return UInt16(payload[0]) << 8 | UInt16(payload[1])
    }

    /// The frame's bytes, with the shortest form of the length.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | (reservedBits & 7) << 4 | (opcode & 15)]
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        switch payload.count {
        case ..<126:
            bytes.append(mask | UInt8(payload.count))
        case ...0xFFFF:
            bytes.append(mask | 126)
            bytes.append(contentsOf: [UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)])
        default:
            bytes.append(mask | 127)
            bytes.append(contentsOf: (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) })
        }
        guard let maskingKey, maskingKey.count == 4 else { return bytes + payload }
        bytes.append(contentsOf: maskingKey)
        bytes.append(contentsOf: payload.enumerated().map { $1 ^ maskingKey[$0 & 3] })
        return bytes
    }
}
