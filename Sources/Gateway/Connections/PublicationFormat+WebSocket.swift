import Realtime
import Wire

extension PublicationFormat {
    /// Pushes of the Centrifuge client protocol, each in a frame of its own.
    static let webSocketJSON = webSocket(.centrifugeJSON, JSONCodec())
    static let webSocketJSONDeflated = webSocket(.centrifugeJSONDeflated, JSONCodec(), deflate: MessageDeflate())
    static let webSocketProtobuf = webSocket(.centrifugeProtobuf, ProtobufCodec())
    static let webSocketProtobufDeflated = webSocket(.centrifugeProtobufDeflated, ProtobufCodec(), deflate: MessageDeflate())
    /// The same for clients whose payloads may be bytes that are no JSON.
    static let webSocketBytes = webSocket(.centrifugeProtobuf, ProtobufCodec(carriesBytes: true))
    static let webSocketBytesDeflated = webSocket(
        .centrifugeProtobufDeflated, ProtobufCodec(carriesBytes: true), deflate: MessageDeflate()
    )
    static let webSocketUnidirectionalBytes = webSocket(
        .unidirectionalProtobuf, ProtobufCodec(direction: .down, carriesBytes: true)
    )
    static let webSocketUnidirectionalJSON = webSocket(.unidirectionalJSON, JSONCodec(direction: .down))
    static let webSocketUnidirectionalProtobuf = webSocket(.unidirectionalProtobuf, ProtobufCodec(direction: .down))

    /// The event's envelope in one text frame.
    static let webSocketNotification = PublicationFormat(.notification) { push in
        FrameWriter.frame(text: envelope(push))
    }

    static let webSocketNotificationDeflated = PublicationFormat(.notificationDeflated) { push in
        FrameWriter.frame(text: envelope(push), deflate: MessageDeflate())
    }

    /// Subscriptions of this format want nothing but publications.
    private static func envelope(_ push: Push) -> [UInt8] {
        if case .publication(let publication) = push.body { publication.data.bytes } else { [] }
    }

    private static func webSocket(_ kind: Kind, _ codec: any ClientCodec, deflate: MessageDeflate? = nil) -> PublicationFormat {
        PublicationFormat(kind, deltaCodec: codec) { push in
            var message: [UInt8] = []
            codec.append(push, to: &message)
            return codec.isText
                ? FrameWriter.frame(text: message, deflate: deflate) : FrameWriter.frame(binary: message, deflate: deflate)
        }
    }
}
