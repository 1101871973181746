import NIOCore

/// Builds a server's frames (RFC 6455, section 5.2): never masked, never fragmented.
enum FrameWriter {
    /// A text frame. The bytes must be UTF-8; the same buffer may go to any number of connections that agreed on the same.
    static func frame(text: [UInt8], deflate: MessageDeflate? = nil) -> ByteBuffer {
        message(.text, text, deflate)
    }

    /// A binary frame; the same buffer may go to any number of connections that agreed on the same.
    static func frame(binary: [UInt8], deflate: MessageDeflate? = nil) -> ByteBuffer {
        message(.binary, binary, deflate)
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

    /// Compression is agreed on for a connection and chosen for each message (RFC 7692, section 6): what would not shrink goes plain.
    private static func message(_ opcode: Opcode, _ payload: [UInt8], _ deflate: MessageDeflate?) -> ByteBuffer {
        guard let deflate, payload.count >= MessageDeflate.bytesMin, let frame = deflated(opcode, payload, deflate.windowBits) else {
            return frame(opcode, payload)
        }
        return frame
    }

    private static func deflated(_ opcode: Opcode, _ payload: [UInt8], _ windowBits: Int32) -> ByteBuffer? {
        guard let deflater = Deflater.current(windowBits: windowBits) else { return nil }
        var buffer = ByteBufferAllocator().buffer(capacity: headerBytesMax + payload.count / 2)
        // The header comes last, as its length depends on what follows: there is room for the longest, and it is moved up to the payload.
        buffer.writeRepeatingByte(0, count: headerBytesMax)
        guard payload.withUnsafeBytes({ deflater.deflate($0, into: &buffer) }) else { return nil }
        let length = buffer.readableBytes - headerBytesMax
        buffer.moveReaderIndex(to: headerBytesMax - headerBytes(length))
        setHeader(0xC0 | opcode.rawValue, length, at: buffer.readerIndex, in: &buffer)
        return buffer
    }

    private static func frame(_ opcode: Opcode, _ payload: some Collection<UInt8>) -> ByteBuffer {
        let length = payload.count
        var buffer = ByteBufferAllocator().buffer(capacity: headerBytes(length) + length)
        setHeader(0x80 | opcode.rawValue, length, at: 0, in: &buffer)
        buffer.moveWriterIndex(to: headerBytes(length))
        buffer.writeBytes(payload)
        return buffer
    }

    private static let headerBytesMax = 10

    private static func headerBytes(_ length: Int) -> Int {
        switch length {
        case 0...125: 2
        case 126...Int(UInt16.max): 4
        default: headerBytesMax
        }
    }

    private static func setHeader(_ first: UInt8, _ length: Int, at index: Int, in buffer: inout ByteBuffer) {
        buffer.setInteger(first, at: index)
        switch headerBytes(length) {
        case 2:
            buffer.setInteger(UInt8(length), at: index + 1)
        case 4:
            buffer.setInteger(UInt8(126), at: index + 1)
            buffer.setInteger(UInt16(length), at: index + 2)
        default:
            buffer.setInteger(UInt8(127), at: index + 1)
            buffer.setInteger(UInt64(length), at: index + 2)
        }
    }
}
