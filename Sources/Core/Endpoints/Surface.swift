/// One of the systems as its clients see it: the name under which its operations are listed, and the shape of its answers.
public struct Surface: Sendable {
    /// `gym`; the tag of its operations in the API document.
    public let name: String
    public let envelope: any Envelope

    public init(name: String, envelope: any Envelope = PlainEnvelope()) {
        self.name = name
        self.envelope = envelope
    }
}

/// Where a listener serves a surface: the path that stands before those of its operations, `/meeting/api`; empty for none.
public struct Mount: Sendable {
    public let surface: Surface
    public let base: String

    public init(_ surface: Surface, at base: String = "") {
        self.surface = surface
        self.base = base
    }

    func holds(_ path: String) -> Bool {
        path.hasPrefix(base) && (base.isEmpty || path.utf8.count == base.utf8.count || path.dropFirst(base.count).hasPrefix("/"))
    }
}
