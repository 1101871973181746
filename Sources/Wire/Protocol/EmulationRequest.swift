/// Commands of a client whose transport only leads downwards (SSE, HTTP stream), posted to `/emulation` (protocol A.9).
public struct EmulationRequest: Hashable, Sendable {
    /// The server process that holds the connection, from ``ConnectResult/node``.
    public var node: String
    /// The secret that names the connection, from ``ConnectResult/session``. Not for logs.
    public var session: String
    /// A frame of commands in the connection's codec.
    public var data: [UInt8]

    public init(node: String, session: String, data: [UInt8]) {
        self.node = node
        self.session = session
        self.data = data
    }
}

extension EmulationRequest {
    /// Reads a body of `application/json`: `{"session":…,"node":…,"data":"<commands, one to a line>"}`.
    ///
    /// - Throws: ``FrameError``.
    public init(json body: [UInt8]) throws(FrameError) {
        guard String(validating: body, as: UTF8.self) != nil else { throw .malformed }
        let object = try JSONElement(parsing: body, body.indices).object()
        self.init(node: try object.string("node"), session: try object.string("session"), data: Array(try object.string("data").utf8))
    }

    /// Reads a body of `application/octet-stream`: the message of `protocol/client.proto`, without its length.
    ///
    /// - Throws: ``FrameError``.
    public init(protobuf body: [UInt8]) throws(FrameError) {
        let form = try ProtobufFrame.read(body[...], as: ProtoEmulationRequest.self)
        self.init(node: form.node, session: form.session, data: Array(form.data))
    }
}
