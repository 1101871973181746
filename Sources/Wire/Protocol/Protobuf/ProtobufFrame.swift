internal import SwiftProtobuf

/// The frames of the Protobuf form: 1..n messages, each after its length as a varint.
enum ProtobufFrame {
    /// The places of a frame's messages, at least one.
    ///
    /// - Throws: ``FrameError``, for the frame as a whole.
    static func messages(of frame: [UInt8], max: Int) throws(FrameError) -> [Range<Int>] {
        guard !frame.isEmpty else { throw .empty }
        var ranges: [Range<Int>] = []
        var position = 0
        while position < frame.count {
            let length = try length(in: frame, at: &position)
            guard length <= frame.count - position else { throw .malformed }
            guard ranges.count < max else { throw .tooManyMessages }
            ranges.append(position..<position + length)
            position += length
        }
        return ranges
    }

    private static func length(in frame: [UInt8], at position: inout Int) throws(FrameError) -> Int {
        var length = 0
        // Four groups of seven bits are 256 MiB, more than any frame.
        for shift in stride(from: 0, to: 28, by: 7) {
            guard position < frame.count else { throw .malformed }
            let byte = frame[position]
            position += 1
            length |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return length }
        }
        throw .malformed
    }

    /// One message from its bytes.
    static func read<Content: Message>(_ bytes: ArraySlice<UInt8>, as type: Content.Type = Content.self) throws(FrameError) -> Content {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = depthMax
        do {
            return try Content(serializedBytes: Array(bytes), options: options)
        } catch BinaryDecodingError.messageDepthLimit {
            throw .tooDeep
        } catch {
            throw .malformed
        }
    }

    /// How deep messages may nest: a filter inside of a subscription at connect, which is the deepest, and some room for unknown fields.
    private static let depthMax = FilterNode.depthMax + 8

    static func append(_ message: some Message, to frame: inout [UInt8]) {
        let bytes = bytes(of: message)
        appendLength(bytes.count, to: &frame)
        frame.append(contentsOf: bytes)
    }

    /// A message that is the whole of its frame, without its length.
    static func appendBare(_ message: some Message, to frame: inout [UInt8]) {
        frame.append(contentsOf: bytes(of: message))
    }

    private static func bytes(of message: some Message) -> [UInt8] {
        // Encoding fails on required fields, which proto3 does not have, and on two gigabytes, which no frame has.
        (try? message.serializedBytes()) ?? []
    }

    private static func appendLength(_ length: Int, to frame: inout [UInt8]) {
        var rest = length
        while rest >= 0x80 {
            frame.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        frame.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The message of no bytes: a ping from the server, a pong from the client.
    static func appendEmpty(to frame: inout [UInt8]) { frame.append(0) }
}
