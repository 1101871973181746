/// The JSON form of the client protocol from the client's side.
public struct JSONClientCodec: Sendable {
    public init() {}

    /// A frame of these commands, in their order.
    public func encode(_ commands: [Command]) -> [UInt8] {
        var frame: [UInt8] = []
        for command in commands { append(command, to: &frame) }
        return frame
    }

    /// Adds one whole message to a frame, and the separator before it if it is not the first.
    public func append(_ command: Command, to frame: inout [UInt8]) {
        JSONLines.append(command, to: &frame)
    }

    /// The messages of a frame, at least one, in their order.
    ///
    /// - Throws: ``FrameError``; the server is not one of ours, or newer.
    public func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [ServerMessage] {
        try JSONLines.read(frame, as: ServerMessage.self)
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
