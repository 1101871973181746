/// The JSON form of the client protocol: text frames of one or more objects, one to a line.
///
/// Payloads (`data`, `conn_info`, `chan_info`) travel as they are, checked but not rewritten. A member that occurs twice is refused: which
/// of the two holds must not depend on the reader. Unknown members are ignored, because clients are newer than servers now and then.
public struct JSONCodec: ClientCodec {
    private let direction: CodecDirection

    /// - Parameter direction: Whether the client can ask.
    public init(direction: CodecDirection = .both) {
        self.direction = direction
    }

    public var isText: Bool { true }
    public var separator: [UInt8] { Self.lineBreak }

    private static let lineBreak = [UInt8(ascii: "\n")]

    public func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [Command] {
        switch direction {
        case .both:
            return try JSONLines.read(frame, as: Command.self, messagesMax: CommandFrame.commandsMax)
        case .down:
            let requests = try JSONLines.read(frame, as: ConnectRequest.self, messagesMax: 1)
            return requests.map { Command(id: CommandFrame.implicitID, request: .connect($0)) }
        }
    }

    public func append(_ reply: Reply, to frame: inout [UInt8]) {
        switch direction {
        case .both: JSONLines.append(reply, to: &frame)
        case .down: if let push = Push(insteadOf: reply) { append(push, to: &frame) }
        }
    }

    public func append(_ push: Push, to frame: inout [UInt8]) {
        switch direction {
        case .both: JSONLines.append(JSONPushMessage(push: push), to: &frame)
        case .down: JSONLines.append(push, to: &frame)
        }
    }

    public func appendPing(to frame: inout [UInt8]) {
        JSONLines.append(JSONEmpty(), to: &frame)
    }

    public func text(of payload: RawJSON) -> [UInt8] { payload.bytes }

    public func deltaPayload(_ text: [UInt8]) -> RawJSON {
        var literal: [UInt8] = []
        literal.appendJSON(String(decoding: text, as: UTF8.self))
        return RawJSON(bytes: literal)
    }
}

/// A push as bidirectional transports carry it, told from a reply by its wrapping.
struct JSONPushMessage: JSONWritable {
    let push: Push

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.member("push", push) }
    }
}
