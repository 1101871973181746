/// One thing that can be asked: path, query and body together are one value, and the type is the documentation.
///
/// Declared once and reached by HTTP and by rpc; a surface adds its envelope. Property names on the wire are the coding keys.
public protocol Endpoint: Codable, Sendable {
    associatedtype Response: Codable & Sendable

    static var operation: Operation { get }

    /// Says every rule that the request alone can break.
    func validate(_ check: inout Validation)
}

extension Endpoint {
    public func validate(_ check: inout Validation) {}
}

/// The answer of an operation that has nothing to say (204).
public struct NoContent: Codable, Hashable, Sendable {
    public init() {}
}

/// An answer that stands at an address of its own, which is sent as `Location` with 201.
public protocol Located {
    /// Below the path at which the surface is served.
    var resourcePath: String { get }
}

/// An answer that shows one version of a thing: it is sent as `ETag`, which `If-Match` of a change may name.
public protocol Versioned {
    /// Nil where it is not known, as in a stored answer.
    var version: Int64? { get }
}

/// A list that may go on: `Link: <?…>; rel="next"` (RFC 8288) asks the same address for what follows.
public protocol Continued {
    /// Without the question mark; nil at the end.
    var nextQuery: String? { get }
}

/// A set of doors into one part of a domain.
public protocol Feature: Sendable {
    /// Declares every operation and every channel of the feature.
    func register(on api: inout API)
}
