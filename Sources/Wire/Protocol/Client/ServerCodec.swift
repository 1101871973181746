/// The bytes of the client protocol, from the client's side.
public protocol ServerCodec: Sendable {
    /// Whether frames are WebSocket text frames rather than binary ones.
    var isText: Bool { get }

    /// The subprotocol to offer at a WebSocket's upgrade; nil where none is needed.
    var subprotocol: String? { get }

    /// Adds one whole message to a frame, and the separator before it if it is not the first.
    func append(_ command: Command, to frame: inout [UInt8])

    /// The messages of a frame, at least one, in their order.
    ///
    /// - Throws: ``FrameError``; the server is not one of ours, or newer.
    func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [ServerMessage]
}

extension ServerCodec {
    /// A frame of these commands, in their order.
    public func encode(_ commands: [Command]) -> [UInt8] {
        var frame: [UInt8] = []
        for command in commands { append(command, to: &frame) }
        return frame
    }
}
