/// The Protobuf form of the client protocol from the client's side.
public struct ProtobufClientCodec: ServerCodec {
    private let direction: CodecDirection
    private let payloads: PayloadBytes

    /// - Parameters:
    ///   - direction: Whether the server takes commands; with ``CodecDirection/down`` the only one is connect, and no more than one.
    ///   - carriesBytes: As for ``ProtobufCodec``.
    public init(direction: CodecDirection = .both, carriesBytes: Bool = false) {
        self.direction = direction
        payloads = PayloadBytes(carriesBytes: carriesBytes)
    }

    public var isText: Bool { false }
    public var subprotocol: String? { "centrifuge-protobuf" }

    public func append(_ command: Command, to frame: inout [UInt8]) {
        if command.request == .pong {
            ProtobufFrame.appendEmpty(to: &frame)
        } else if direction == .down, case .connect(let request) = command.request {
            ProtobufFrame.appendBare(request.form(payloads), to: &frame)
        } else {
            ProtobufFrame.append(command.form(payloads), to: &frame)
        }
    }

    public func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [ServerMessage] {
        let bytes = [UInt8](frame)
        var messages: [ServerMessage] = []
        for range in try ProtobufFrame.messages(of: bytes, max: .max) {
            messages.append(range.isEmpty ? .ping : try message(bytes[range]))
        }
        return messages
    }

    private func message(_ bytes: ArraySlice<UInt8>) throws(FrameError) -> ServerMessage {
        guard direction == .both else { return .push(try Push(ProtobufFrame.read(bytes), payloads)) }
        let reply = try ProtobufFrame.read(bytes, as: ProtoReply.self)
        return reply.hasPush ? .push(try Push(reply.push, payloads)) : .reply(try Reply(reply, payloads))
    }
}
