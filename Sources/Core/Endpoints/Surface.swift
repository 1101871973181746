/// One of the systems as its clients see it: the name under which its operations are listed and the shape of its answers.
///
/// The gym answers bare values and problem details (RFC 9457); other surfaces put both into envelopes of their own.
public struct Surface: Sendable {
    /// `gym`; the tag of its operations in the API document.
    public let name: String
    /// Puts an encoded answer into the surface's envelope.
    public let wrap: @Sendable (_ body: [UInt8]) -> [UInt8]

    public init(name: String, wrap: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }) {
        self.name = name
        self.wrap = wrap
    }
}
