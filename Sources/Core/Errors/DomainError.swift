/// A refusal that the caller can understand and act upon. Anything else that is thrown is an internal error: logged once at the edge,
/// told to nobody.
public protocol DomainError: Error, Sendable {
    /// Stable for ever, `feature.situation`: clients switch on it.
    var code: String { get }
    var kind: ErrorKind { get }
    /// One sentence for a person; it may change.
    var detail: String { get }
    /// The fields that are wrong, where that can be said.
    var failures: [FieldFailure] { get }
    /// What stands in the way, where something does; never who.
    var conflicts: [ConflictDetail] { get }
    /// How long to wait before another try, in milliseconds.
    var retryAfterMilliseconds: Int? { get }
    /// What whoever runs the server should know beside, where the refusal is the server's own trouble: it is logged, and told to nobody.
    var operatorDetail: String? { get }
}

extension DomainError {
    public var failures: [FieldFailure] { [] }
    public var conflicts: [ConflictDetail] { [] }
    public var retryAfterMilliseconds: Int? { nil }
    public var operatorDetail: String? { nil }
}

extension DomainError where Self: RawRepresentable, RawValue == String {
    public var code: String { rawValue }
}

/// The closed vocabulary of refusals; the gateway maps each to one HTTP status and one protocol error.
public enum ErrorKind: Sendable, CaseIterable {
    /// The request can't be read at all (400).
    case malformed
    /// No valid token (401).
    case unauthenticated
    /// Known, but not allowed (403).
    case forbidden
    case notFound
    case methodNotAllowed
    case notAcceptable
    case requestTimeout
    /// The state of things forbids it (409).
    case conflict
    case preconditionFailed
    case tooLarge
    case unsupportedMediaType
    /// The request was read and a field of it is wrong (422).
    case invalid
    case preconditionRequired
    case tooManyRequests
    case unavailable
}

/// One field that is wrong.
public struct FieldFailure: Codable, Hashable, Sendable {
    /// JSON Pointer (RFC 6901) into the request; path and query parameters stand at the top.
    public let pointer: String
    /// Stable: `required`, `type`, `range`, `length`, `pattern`, `choice`, ….
    public let code: String
    public let detail: String

    public init(pointer: String, code: String, detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }
}

/// One thing that stands in the way of a request: when, and how much room was left. It never names a person.
public struct ConflictDetail: Codable, Hashable, Sendable {
    public let reason: String
    public let start: String?
    public let end: String?
    public let unitsFree: Int?

    public init(reason: String, start: String? = nil, end: String? = nil, unitsFree: Int? = nil) {
        self.reason = reason
        self.start = start
        self.end = end
        self.unitsFree = unitsFree
    }

    enum CodingKeys: String, CodingKey {
        case reason, start, end
        case unitsFree = "units_free"
    }
}

/// A request whose fields are wrong.
public struct ValidationError: DomainError {
    public let failures: [FieldFailure]
    public let kind: ErrorKind

    public init(_ failures: [FieldFailure], kind: ErrorKind = .invalid) {
        self.failures = failures
        self.kind = kind
    }

    public var code: String { "request.invalid" }

    public var detail: String {
        failures.first.map { "\($0.pointer.isEmpty ? "The request" : $0.pointer): \($0.detail)" } ?? "The request is not valid."
    }
}

/// Refusals of the request as such, before any service sees it.
public enum RequestError: String, DomainError {
    case malformedBody = "request.malformed_body"
    case bodyTooLarge = "request.body_too_large"
    case unsupportedMediaType = "request.unsupported_media_type"
    case routeNotFound = "request.route_not_found"
    case methodNotAllowed = "request.method_not_allowed"
    case malformedIdempotencyKey = "request.malformed_idempotency_key"
    case idempotencyKeyReused = "request.idempotency_key_reused"
    case overloaded = "request.overloaded"
    case timeout = "request.timeout"

    public var kind: ErrorKind {
        switch self {
        case .malformedBody, .malformedIdempotencyKey: .malformed
        case .bodyTooLarge: .tooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .routeNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .idempotencyKeyReused: .invalid
        case .overloaded: .unavailable
        case .timeout: .requestTimeout
        }
    }

    public var detail: String {
        switch self {
        case .malformedBody: "The body is not the JSON object that this operation expects."
        case .bodyTooLarge: "The body is larger than this server accepts."
        case .unsupportedMediaType: "Send the body as application/json."
        case .routeNotFound: "There is nothing at this address."
        case .methodNotAllowed: "This address does not know that method."
        case .malformedIdempotencyKey: "An Idempotency-Key has 1 to \(Idempotency.keyBytesMax) printable ASCII characters."
        case .idempotencyKeyReused: "This Idempotency-Key was used with another request."
        case .overloaded: "The server has more to do than it can; try again soon."
        case .timeout: "The request did not arrive in time."
        }
    }

    public var retryAfterMilliseconds: Int? { self == .overloaded ? 1_000 : nil }
}
