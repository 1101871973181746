import NIOCore
import Realtime
import Wire

/// One way to speak the client protocol over a WebSocket.
struct WebSocketDialect: Sendable {
    let codec: any ClientCodec
    let mode: SessionMode
    /// For everybody, and for those who read compressed frames that were made for everybody.
    private let plain: PublicationFormat
    private let deflated: PublicationFormat?

    static func json(_ mode: SessionMode) -> WebSocketDialect {
        WebSocketDialect(codec: JSONCodec(), mode: mode, plain: .webSocketJSON, deflated: .webSocketJSONDeflated)
    }

    /// - Parameter carriesBytes: as for ``ProtobufCodec``.
    static func protobuf(_ mode: SessionMode, carriesBytes: Bool) -> WebSocketDialect {
        carriesBytes
            ? WebSocketDialect(
                codec: ProtobufCodec(carriesBytes: true), mode: mode, plain: .webSocketBytes, deflated: .webSocketBytesDeflated
            )
            : WebSocketDialect(codec: ProtobufCodec(), mode: mode, plain: .webSocketProtobuf, deflated: .webSocketProtobufDeflated)
    }

    static let unidirectionalJSON = WebSocketDialect(
        codec: JSONCodec(direction: .down), mode: .unidirectional, plain: .webSocketUnidirectionalJSON, deflated: nil
    )

    /// - Parameter carriesBytes: as for ``ProtobufCodec``.
    static func unidirectionalProtobuf(carriesBytes: Bool) -> WebSocketDialect {
        WebSocketDialect(
            codec: ProtobufCodec(direction: .down, carriesBytes: carriesBytes), mode: .unidirectional,
            plain: carriesBytes ? .webSocketUnidirectionalBytes : .webSocketUnidirectionalProtobuf, deflated: nil
        )
    }

    func format(for socket: WebSocket) -> PublicationFormat {
        socket.deflate?.readsSharedFrames == true ? deflated ?? plain : plain
    }
}
