/// The Protobuf form of the client protocol: binary frames of one or more messages of `protocol/client.proto`, each after its length.
///
/// Unknown fields are ignored, because clients are newer than servers now and then. Payloads are JSON text as everywhere in Ringside; see
/// ``init(direction:carriesBytes:)`` for those that are not.
public struct ProtobufCodec: ClientCodec {
    private let direction: CodecDirection
    private let payloads: PayloadBytes

    /// - Parameters:
    ///   - direction: Whether the client can ask.
    ///   - carriesBytes: Whether payloads may be bytes that are no JSON. They then travel as a JSON string with a `data:` URL towards
    ///     everybody but Protobuf clients, who get the bytes. Otherwise a frame with such a payload is refused, which is right where
    ///     only JSON is meant: a client could send what breaks the clients of others.
    public init(direction: CodecDirection = .both, carriesBytes: Bool = false) {
        self.direction = direction
        payloads = PayloadBytes(carriesBytes: carriesBytes)
    }

    public var isText: Bool { false }
    public var separator: [UInt8] { [] }

    public func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [Command] {
        let bytes = [UInt8](frame)
        switch direction {
        case .both:
            var commands: [Command] = []
            for range in try ProtobufFrame.messages(of: bytes, max: CommandFrame.commandsMax) {
                commands.append(try Command(ProtobufFrame.read(bytes[range]), payloads))
            }
            return commands
        case .down:
            let form = try ProtobufFrame.read(bytes[...], as: ProtoConnectRequest.self)
            return [Command(id: CommandFrame.implicitID, request: .connect(try ConnectRequest(form, payloads)))]
        }
    }

    public func append(_ reply: Reply, to frame: inout [UInt8]) {
        switch direction {
        case .both: ProtobufFrame.append(reply.form(payloads), to: &frame)
        case .down: if let push = Push(insteadOf: reply) { append(push, to: &frame) }
        }
    }

    public func append(_ push: Push, to frame: inout [UInt8]) {
        switch direction {
        case .both:
            var reply = ProtoReply()
            reply.push = push.form(payloads)
            ProtobufFrame.append(reply, to: &frame)
        case .down:
            ProtobufFrame.append(push.form(payloads), to: &frame)
        }
    }

    public func appendPing(to frame: inout [UInt8]) {
        ProtobufFrame.appendEmpty(to: &frame)
    }

    public func text(of payload: RawJSON) -> [UInt8] { payloads.text(of: payload) }

    public func deltaPayload(_ text: [UInt8]) -> RawJSON { RawJSON(bytes: text) }
}
