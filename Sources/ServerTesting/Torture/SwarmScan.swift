import Foundation
import NIOCore

/// Finds what a client of a swarm needs in a server's bytes without decoding them: thousands of clients share one test process, and a
/// decoder would cost more than the server that is looked at.
enum SwarmScan {
    enum Message: Hashable {
        case ping
        case publication(channel: String, offset: UInt64)
        /// A reply, or a push that is no publication: for a real decoder.
        case other
    }

    /// A server's frame, which is never masked.
    struct Frame {
        let opcode: UInt8
        let payload: ByteBuffer
    }

    /// The next complete frame, taken from the buffer; nil while there is none.
    static func frame(from buffer: inout ByteBuffer) -> Frame? {
        guard let head = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) else { return nil }
        var headLength = 2
        var length = Int(head & 0x7F)
        switch length {
        case 126:
            guard let extended = buffer.getInteger(at: buffer.readerIndex + 2, as: UInt16.self) else { return nil }
            (headLength, length) = (4, Int(extended))
        case 127:
            guard let extended = buffer.getInteger(at: buffer.readerIndex + 2, as: UInt64.self) else { return nil }
            (headLength, length) = (10, Int(clamping: extended))
        default: break
        }
        guard buffer.readableBytes - headLength >= length else { return nil }
        buffer.moveReaderIndex(forwardBy: headLength)
        guard let payload = buffer.readSlice(length: length) else { return nil }
        return Frame(opcode: UInt8(head >> 8 & 15), payload: payload)
    }

    /// Calls the body with each line of a text frame.
    static func lines(_ payload: ByteBuffer, _ body: (UnsafeRawBufferPointer) -> Void) {
        payload.withUnsafeReadableBytes { bytes in
            var rest = bytes
            while let start = rest.baseAddress, !rest.isEmpty {
                let length = memchr(start, Int32(UInt8(ascii: "\n")), rest.count).map { UnsafeRawPointer($0) - start } ?? rest.count
                if length > 0 { body(UnsafeRawBufferPointer(rebasing: rest[..<length])) }
                rest = UnsafeRawBufferPointer(rebasing: rest[min(length + 1, rest.count)...])
            }
        }
    }

    private static let publication = Array(#"{"push":{"channel":""#.utf8)
    private static let body = Array(#"","pub":{"#.utf8)
    private static let offset = Array(#""offset":"#.utf8)

    /// - Parameter line: one message of a text frame.
    static func message(_ line: UnsafeRawBufferPointer) -> Message {
        if line.count == 2 { return .ping }
        guard has(publication, line, at: 0) else { return .other }
        let name = UnsafeRawBufferPointer(rebasing: line[publication.count...])
        guard let start = name.baseAddress, let quote = memchr(start, Int32(UInt8(ascii: "\"")), name.count) else { return .other }
        let length = UnsafeRawPointer(quote) - start
        guard has(body, name, at: length), let offset = lastOffset(line) else { return .other }
        return .publication(channel: String(decoding: name[..<length], as: UTF8.self), offset: offset)
    }

    private static func has(_ text: [UInt8], _ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        guard let start = bytes.baseAddress, bytes.count - index >= text.count else { return false }
        return memcmp(start + index, text, text.count) == 0
    }

    /// The offset stands behind the data, which may say anything: what counts is the last one.
    private static func lastOffset(_ line: UnsafeRawBufferPointer) -> UInt64? {
        var start = line.count - offset.count
        while start > 0 {
            if has(offset, line, at: start) { return number(line[(start + offset.count)...]) }
            start -= 1
        }
        return nil
    }

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt64? {
        var value: UInt64?
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { break }
            value = (value ?? 0) &* 10 &+ UInt64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
