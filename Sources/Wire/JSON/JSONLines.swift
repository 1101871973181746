/// The frames of the JSON protocol: 1..n values, one to a line, a line break after the last one allowed.
enum JSONLines {
    /// - Throws: ``FrameError``, for the frame as a whole.
    static func read<Message: JSONReadable>(
        _ frame: UnsafeRawBufferPointer, as type: Message.Type, messagesMax: Int = .max, depthMax: Int = JSONScanner.depthMax
    ) throws(FrameError) -> [Message] {
        // A copy, so that a mistake in reading hostile text meets Swift's bounds checks and not the memory behind the frame.
        let bytes = [UInt8](frame)
        // Checked here because RFC 6455 leaves it to whoever takes a text frame, and HTTP transports do not check at all.
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformed }
        var messages: [Message] = []
        var start = bytes.startIndex
        repeat {
            let lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            guard bytes[start..<lineEnd].contains(where: { $0 > 0x20 }) else { throw .empty }
            guard messages.count < messagesMax else { throw .tooManyMessages }
            messages.append(try Message(JSONElement(parsing: bytes, start..<lineEnd, depthMax: depthMax)))
            start = lineEnd + 1
        } while start < bytes.endIndex
        return messages
    }

    static func append(_ message: some JSONWritable, to frame: inout [UInt8]) {
        if !frame.isEmpty { frame.append(UInt8(ascii: "\n")) }
        message.write(to: &frame)
    }
}
