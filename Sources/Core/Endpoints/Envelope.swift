import Wire

/// The shape in which the answers of a surface leave over HTTP. A live connection's rpc has one shape for all surfaces.
public protocol Envelope: Sendable {
    /// Puts an answer into the envelope.
    ///
    /// - Parameter body: encoded JSON; nil for an operation that has nothing to say, where the client asked for a body all the same.
    /// - Returns: nil where the surface has no body for that.
    func wrap(_ body: [UInt8]?, at instant: Instant) -> [UInt8]?

    /// What ``wrap(_:at:)`` makes of an answer, for the API document.
    func schema<Response: Decodable>(wrapping response: Response.Type) -> Schema

    /// The kind that decides a refusal's status: a surface need not tell all of them apart.
    func kind(of error: any DomainError) -> ErrorKind

    /// A refusal as the surface spells it; nil for problem details as they are. A client that prefers those gets them anyway.
    ///
    /// - Throws: `EncodingError`, never for a problem of ours.
    func refusal(_ problem: Problem, at instant: Instant) throws -> [UInt8]?

    /// The shape of a ``refusal(_:at:)``; nil for problem details.
    var refusalSchema: Schema? { get }
}

/// Bare values and problem details (RFC 9457).
public struct PlainEnvelope: Envelope {
    public init() {}

    public func wrap(_ body: [UInt8]?, at instant: Instant) -> [UInt8]? { body }
    public func schema<Response: Decodable>(wrapping response: Response.Type) -> Schema { Schema(describing: response) }
    public func kind(of error: any DomainError) -> ErrorKind { error.kind }
    public func refusal(_ problem: Problem, at instant: Instant) throws -> [UInt8]? { nil }
    public var refusalSchema: Schema? { nil }
}
