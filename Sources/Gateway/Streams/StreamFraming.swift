import NIOCore

/// How messages lie in the body of an answer, so that a client can tell them apart.
enum StreamFraming: Sendable {
    /// Server-sent events (the HTML standard, "Server-sent events"): each message is an event of one `data` line.
    case events
    /// A message to a line.
    case lines
    /// The codec puts the length before each message itself.
    case lengths

    var contentType: String {
        switch self {
        case .events: "text/event-stream; charset=utf-8"
        case .lines: "application/x-ndjson"
        case .lengths: "application/octet-stream"
        }
    }

    /// What is sent before the first message: some proxies and clients wait for a first byte.
    var preface: ByteBuffer? {
        self == .events ? ByteBuffer(string: "\r\n") : nil
    }

    /// - Parameter messages: one or more of the codec's; in text each is one line, joined by line breaks.
    func frame(_ messages: [UInt8]) -> ByteBuffer {
        switch self {
        case .events:
            var frame = ByteBufferAllocator().buffer(capacity: messages.count + 16)
            for message in messages.split(separator: UInt8(ascii: "\n")) {
                frame.writeStaticString("data: ")
                frame.writeBytes(message)
                frame.writeStaticString("\n\n")
            }
            return frame
        case .lines:
            var frame = ByteBufferAllocator().buffer(capacity: messages.count + 1)
            frame.writeBytes(messages)
            frame.writeStaticString("\n")
            return frame
        case .lengths:
            return ByteBuffer(bytes: messages)
        }
    }
}
