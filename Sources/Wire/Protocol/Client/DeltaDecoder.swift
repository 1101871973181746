/// Makes whole payloads of the publications of one subscription that was granted deltas (protocol A.10), from the client's side.
public struct DeltaDecoder: Sendable {
    private let isText: Bool
    private var base: [UInt8]?

    /// - Parameter codec: What the connection speaks: deltas are strings in JSON and bytes in Protobuf.
    public init(for codec: some ServerCodec) {
        isText = codec.isText
    }

    /// The publication with its whole payload. Call it with every publication of the subscription, in order, the recovered ones first.
    ///
    /// - Throws: ``DeltaError``; the subscription has to begin anew.
    public mutating func decode(_ publication: Publication) throws(DeltaError) -> Publication {
        var text = publication.data.bytes
        if isText {
            guard let string = try? publication.data.decode(String.self) else { throw .malformed }
            text = Array(string.utf8)
        }
        if publication.delta {
            guard let base else { throw .otherBase }
            text = try FossilDelta.apply(text, to: base)
        }
        base = text
        var result = publication
        result.data = RawJSON(bytes: text)
        result.delta = false
        return result
    }
}
