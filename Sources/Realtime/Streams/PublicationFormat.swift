import NIOCore
import Wire

/// How publications look to one kind of connection: a publication is encoded once for each format in use and the result shared by all.
public struct PublicationFormat: Sendable {
    /// Every format there is; a ``Broadcast`` keeps one encoded frame for each.
    public enum Kind: Int, CaseIterable, Sendable {
        /// The Centrifuge client protocol in JSON over WebSocket.
        case centrifugeJSON
        /// The bare event envelope over WebSocket.
        case notification
    }

    public let kind: Kind
    /// A whole frame for the transport of that kind. Called on an event loop, once for each publication.
    public let encode: @Sendable (_ channel: String, _ publication: Publication) -> ByteBuffer

    public init(_ kind: Kind, encode: @escaping @Sendable (_ channel: String, _ publication: Publication) -> ByteBuffer) {
        self.kind = kind
        self.encode = encode
    }
}
