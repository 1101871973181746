/// The JSON form of the client protocol from the client's side.
public struct JSONClientCodec: ServerCodec {
    private let direction: CodecDirection

    /// - Parameter direction: Whether the server takes commands; with ``CodecDirection/down`` the only one is connect, and no more than one.
    public init(direction: CodecDirection = .both) {
        self.direction = direction
    }

    public var isText: Bool { true }
    public var subprotocol: String? { nil }

    public func append(_ command: Command, to frame: inout [UInt8]) {
        if direction == .down, case .connect(let request) = command.request {
            JSONLines.append(request, to: &frame)
        } else {
            JSONLines.append(command, to: &frame)
        }
    }

    public func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [ServerMessage] {
        switch direction {
        case .both: return try JSONLines.read(frame, as: ServerMessage.self, depthMax: JSONScanner.serverDepthMax)
        case .down: return try JSONLines.read(frame, as: BarePush.self, depthMax: JSONScanner.serverDepthMax).map(\.message)
        }
    }
}

extension ServerMessage: JSONReadable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        if object.count == 0 {
            self = .ping
        } else if let push = try object.read("push", Push.self) {
            self = .push(push)
        } else {
            self = .reply(try Reply(element))
        }
    }
}

/// A message of a unidirectional transport.
private struct BarePush: JSONReadable {
    let message: ServerMessage

    init(_ element: JSONElement) throws(FrameError) {
        message = try element.object().count == 0 ? .ping : .push(try Push(element))
    }
}
