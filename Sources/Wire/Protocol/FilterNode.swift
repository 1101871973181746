/// A condition on a publication's tags, which a subscriber sends along so that only what matches is delivered (protocol A.4, `tf`).
///
/// The tree is carried as the client wrote it: an operator or comparison that nobody knows is for the session to refuse with
/// ``ProtocolError/badRequest``, while a codec refuses only what exceeds the bounds below.
public struct FilterNode: Hashable, Sendable {
    /// `and`, `or` or `not` over ``nodes``; empty for a leaf.
    public var op: String
    /// The tag that a leaf looks at.
    public var key: String
    /// `eq`, `neq`, `in`, `nin`, `ex`, `nex`, `sw`, `ew`, `ct`, `lt`, `lte`, `gt` or `gte`.
    public var cmp: String
    /// What a leaf compares with.
    public var val: String
    /// What `in` and `nin` compare with.
    public var vals: [String]
    /// What an operator combines.
    public var nodes: [FilterNode]

    public init(op: String = "", key: String = "", cmp: String = "", val: String = "", vals: [String] = [], nodes: [FilterNode] = []) {
        self.op = op
        self.key = key
        self.cmp = cmp
        self.val = val
        self.vals = vals
        self.nodes = nodes
    }

    /// How deep nodes may nest, the root included: whoever evaluates a filter may recurse.
    public static let depthMax = 16

    /// Nodes and values of a tree together: a filter is evaluated for every publication of its channel.
    public static let sizeMax = 256

    /// Refuses a tree that is too deep or too large; codecs call it on what they have read.
    func checkBounds() throws(FrameError) {
        var size = 0
        var level = [self]
        for _ in 0..<Self.depthMax {
            for node in level { size += 1 + node.vals.count }
            guard size <= Self.sizeMax else { throw .malformed }
            level = level.flatMap(\.nodes)
            if level.isEmpty { return }
        }
        throw .tooDeep
    }
}
