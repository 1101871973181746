import Realtime
import Wire

/// Joins one WebSocket and one session of the Centrifuge client protocol.
final class ConnectionDelegate: WebSocketDelegate {
    private let hub: Hub
    private let dialect: WebSocketDialect
    private let source: ConnectionSource
    /// Each holds the other until the connection ends: a weak reference would make every use of the socket dearer.
    private var socket: WebSocket?
    private var session: Session?

    init(hub: Hub, dialect: WebSocketDialect, source: ConnectionSource) {
        self.hub = hub
        self.dialect = dialect
        self.source = source
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        let transport: any SessionTransport = dialect.codec.isText ? socket : BinaryWebSocket(socket)
        session = hub.openSession(
            on: socket.eventLoop, transport: transport, codec: dialect.codec, format: dialect.format(for: socket), source: source,
            mode: dialect.mode
        )
        if session == nil { socket.close(.internalError) }
    }

    func received(_ message: WebSocketMessage) {
        switch (message, dialect.codec.isText) {
        case (.text(let bytes), true), (.binary(let bytes), false): session?.received(bytes)
        // The other kind is for the other codec, and that was not agreed on.
        case (.text, false), (.binary, true): socket?.close(.inappropriateProtocol)
        }
    }

    func closed(code: UInt16?, byPeer: Bool) {
        session?.transportClosed(byPeer ? nil : code.map { Disconnect(code: $0, reason: "") })
        session = nil
        socket = nil
    }
}
