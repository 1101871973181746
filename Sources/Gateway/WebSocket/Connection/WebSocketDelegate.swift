/// What a protocol does with a socket's messages. Called on the connection's event loop only.
protocol WebSocketDelegate: AnyObject {
    /// The handshake is done. What is sent from here leaves together with the answer to the handshake.
    func opened(_ socket: WebSocket)

    /// A whole message, checked: text is UTF-8, nothing is longer than the configured bound.
    func received(_ message: WebSocketMessage)

    /// The connection began to close, whoever closed it: nothing is delivered after this and whatever is sent is dropped.
    ///
    /// Called exactly once after ``opened(_:)``, in a loop turn of its own, so never from inside a call into ``WebSocket``.
    /// - Parameters:
    ///   - code: The code of whichever close came first, the peer's or ours; nil when the connection just broke or named none.
    ///   - byPeer: Whether that was the peer's.
    func closed(code: UInt16?, byPeer: Bool)
}

/// One whole message. The bytes are valid during the call only: they lie in the connection's receive buffer.
enum WebSocketMessage {
    case text(UnsafeRawBufferPointer)
    case binary(UnsafeRawBufferPointer)
}
