/// The bytes of the Centrifuge client protocol, from the server's side. What the bytes mean is the session's business.
public protocol ClientCodec: Sendable {
    /// Whether frames are WebSocket text frames rather than binary ones.
    var isText: Bool { get }

    /// What stands between two messages of one frame, for those who join messages that are encoded already.
    var separator: [UInt8] { get }

    /// The commands of a frame, at least one, in their order.
    ///
    /// - Throws: ``FrameError``; the frame is refused as a whole and the connection closed with ``Disconnect/badRequest``.
    func decode(_ frame: UnsafeRawBufferPointer) throws(FrameError) -> [Command]

    /// Adds one whole message to a frame, and the separator before it if it is not the first.
    func append(_ reply: Reply, to frame: inout [UInt8])

    /// Adds one whole message to a frame, and the separator before it if it is not the first.
    func append(_ push: Push, to frame: inout [UInt8])

    /// Adds a ping to a frame, and the separator before it if it is not the first.
    func appendPing(to frame: inout [UInt8])

    /// A payload as a client of this codec sees it: what deltas are made of.
    func text(of payload: RawJSON) -> [UInt8]

    /// How a subscription with deltas carries that text (protocol A.10): a string in JSON, bytes as they are in Protobuf. The result is for
    /// this codec alone.
    func deltaPayload(_ text: [UInt8]) -> RawJSON
}

/// Why a frame was refused. Nothing of the frame is kept: it may hold a token.
public enum FrameError: Error, Hashable, Sendable {
    /// No message, or an empty line between messages.
    case empty
    /// Not what the protocol's grammar allows.
    case malformed
    /// Nested deeper than the codec allows.
    case tooDeep
    /// More messages than a frame may hold.
    case tooManyMessages
    /// A message that names no command (or answer) of the protocol.
    case unknownCommand
    /// One message that names two commands (or, from a server, two answers).
    case severalCommands
    /// A command that must be answered, without an id to answer to.
    case missingID
}
