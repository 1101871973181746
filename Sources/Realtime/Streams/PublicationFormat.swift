import NIOCore
import Wire

/// How pushes of a channel look to one kind of connection: each is encoded once for each format in use and the result shared by all.
///
/// An object, because every connection names one and there are few.
public final class PublicationFormat: Sendable {
    /// Every format there is; a ``Broadcast`` keeps one encoded frame for each that is in use.
    public enum Kind: Int, Sendable {
        /// The Centrifuge client protocol in JSON over WebSocket.
        case centrifugeJSON, centrifugeJSONDeflated
        /// The same in Protobuf.
        case centrifugeProtobuf, centrifugeProtobufDeflated
        /// Bare pushes over WebSocket.
        case unidirectionalJSON, unidirectionalProtobuf
        /// The bare event envelope over WebSocket.
        case notification, notificationDeflated
        /// The Centrifuge client protocol over a streamed HTTP answer: server-sent events, lines, or messages behind their lengths.
        case eventsJSON, linesJSON, lengthsProtobuf
        /// Bare pushes over the same.
        case unidirectionalEvents, unidirectionalLines
    }

    public let kind: Kind
    /// A whole frame for the transport of that kind: of a publication, a join or a leave. Called on an event loop, once for each push.
    public let encode: @Sendable (Push) -> ByteBuffer
    /// Makes deltas of publications; nil where a format has none.
    let deltaCodec: (any ClientCodec)?

    /// - Parameter deltaCodec: the codec of the sessions that use this format.
    public init(_ kind: Kind, deltaCodec: (any ClientCodec)? = nil, encode: @escaping @Sendable (Push) -> ByteBuffer) {
        self.kind = kind
        self.deltaCodec = deltaCodec
        self.encode = encode
    }
}
