import NIOCore

/// Builds a server's frames (RFC 6455, section 5.2): never masked, never fragmented.
enum FrameWriter {
    /// A text frame. The bytes must be UTF-8; the same buffer may go to any number of connections.
    static func frame(text: [UInt8]) -> ByteBuffer {
        frame(.text, text)
    }

    /// A binary frame; the same buffer may go to any number of connections.
    static func frame(binary: [UInt8]) -> ByteBuffer {
        frame(.binary, binary)
    }

    /// A ping for tools that want to see one. At most 125 bytes of payload are kept, as the protocol allows no more.
    static func ping(_ payload: [UInt8] = []) -> ByteBuffer {
        frame(.ping, payload.prefix(125))
    }

    static func pong(_ payload: [UInt8]) -> ByteBuffer {
        frame(.pong, payload.prefix(125))
    }

    /// The longest reason a close frame has room for, in bytes of UTF-8.
    static let reasonBytesMax = 123

    /// A close frame. A longer reason is cut at the end of a character. Without a code the payload is empty.
    static func close(code: UInt16?, reason: String = "") -> ByteBuffer {
        guard let code else { return frame(.close, []) }
        var payload = [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)]
        for character in reason.unicodeScalars {
            let bytes = UTF8.encode(character).map { Array($0) } ?? []
            guard payload.count + bytes.count <= 2 + reasonBytesMax else { break }
            payload.append(contentsOf: bytes)
        }
        return frame(.close, payload)
    }

    private static func frame(_ opcode: Opcode, _ payload: some Collection<UInt8>) -> ByteBuffer {
        let length = payload.count
        var buffer = ByteBufferAllocator().buffer(capacity: 10 + length)
        buffer.writeInteger(0x80 | opcode.rawValue)
        switch length {
        case 0...125:
            buffer.writeInteger(UInt8(length))
        case 126...Int(UInt16.max):
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(length))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(length))
        }
        buffer.writeBytes(payload)
        return buffer
    }
}
