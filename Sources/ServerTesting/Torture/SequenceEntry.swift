import Wire

/// A publication's place in its channel and the name of what it tells: by these two accounts of a channel are compared.
public struct SequenceEntry: Hashable, Sendable, CustomStringConvertible {
    public let offset: UInt64
    /// The event's id; those of two events differ.
    public let id: String

    public init(offset: UInt64, id: String) {
        self.offset = offset
        self.id = id
    }

    /// - Throws: `DecodingError` where the publication is no event.
    public init(_ publication: Publication) throws {
        self.init(offset: publication.offset, id: try publication.data.decode(EventHead.self).id)
    }

    public var description: String { "\(offset):\(id)" }
}
