/// The JSON form of the client protocol: text frames of one or more objects, one to a line.
///
/// Payloads (`data`, `conn_info`, `chan_info`) travel as they are, checked but not rewritten. A member that occurs twice is refused: which
/// of the two holds must not depend on the reader. Unknown members are ignored, because clients are newer than servers now and then.
public struct JSONCodec: ClientCodec {
    public init() {}

    public var isText: Bool { true }
    public var separator: [UInt8] { Self.lineBreak }

    private static let lineBreak = [UInt8(ascii: "\n")]

    public func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [Command] {
        try JSONLines.read(frame, as: Command.self)
    }

    public func append(_ reply: Reply, to frame: inout [UInt8]) {
        JSONLines.append(reply, to: &frame)
    }

    public func append(_ push: Push, to frame: inout [UInt8]) {
        JSONLines.append(JSONPushMessage(push: push), to: &frame)
    }

    public func appendPing(to frame: inout [UInt8]) {
        JSONLines.append(JSONEmpty(), to: &frame)
    }
}

/// A push as bidirectional transports carry it, told from a reply by its wrapping.
struct JSONPushMessage: JSONWritable {
    let push: Push

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.member("push", push) }
    }
}
