import Realtime
import Wire

/// One way to speak the client protocol over a streamed answer.
struct StreamEndpoint: Sendable {
    let framing: StreamFraming
    let codec: any ClientCodec
    let format: PublicationFormat
    let mode: SessionMode
}

extension StreamEndpoint {
    /// JSON in server-sent events; the client sends its commands to `/emulation`.
    static let events = StreamEndpoint(framing: .events, codec: JSONCodec(), format: .eventsJSON, mode: .emulated)

    /// JSON, a message to a line.
    static let lines = StreamEndpoint(framing: .lines, codec: JSONCodec(), format: .linesJSON, mode: .emulated)

    /// Protobuf, each message behind its length.
    static let lengths = StreamEndpoint(framing: .lengths, codec: ProtobufCodec(), format: .lengthsProtobuf, mode: .emulated)

    /// The same for clients whose payloads may be bytes that are no JSON.
    static let byteLengths = StreamEndpoint(
        framing: .lengths, codec: ProtobufCodec(carriesBytes: true), format: .lengthsBytes, mode: .emulated
    )

    /// Bare pushes in server-sent events; the client says nothing after its connect request.
    static let unidirectionalEvents = StreamEndpoint(
        framing: .events, codec: JSONCodec(direction: .down), format: .unidirectionalEvents, mode: .unidirectional
    )

    /// Bare pushes, one to a line.
    static let unidirectionalLines = StreamEndpoint(
        framing: .lines, codec: JSONCodec(direction: .down), format: .unidirectionalLines, mode: .unidirectional
    )
}

extension PublicationFormat {
    static let eventsJSON = stream(.eventsJSON, .events, JSONCodec())
    static let linesJSON = stream(.linesJSON, .lines, JSONCodec())
    static let lengthsProtobuf = stream(.lengthsProtobuf, .lengths, ProtobufCodec())
    static let lengthsBytes = stream(.lengthsProtobuf, .lengths, ProtobufCodec(carriesBytes: true))
    static let unidirectionalEvents = stream(.unidirectionalEvents, .events, JSONCodec(direction: .down))
    static let unidirectionalLines = stream(.unidirectionalLines, .lines, JSONCodec(direction: .down))

    private static func stream(_ kind: Kind, _ framing: StreamFraming, _ codec: any ClientCodec) -> PublicationFormat {
        PublicationFormat(kind, deltaCodec: codec) { push in
            var message: [UInt8] = []
            codec.append(push, to: &message)
            return framing.frame(message)
        }
    }
}
