import HTTPTypes

/// The public face of an endpoint: its id, its address, and who may call it.
public struct Operation: Sendable {
    /// Who may call; a service decides the rest by who the caller is.
    public enum Access: String, Sendable {
        case everyone = "public"
        case signedIn = "signed-in"
        case administrators
    }

    /// Another address of the same operation, from the original documents; answers carry `Deprecation` and `Link: successor-version`.
    public struct Alias: Sendable {
        public let method: HTTPRequest.Method
        public let path: String

        public init(_ method: HTTPRequest.Method, _ path: String) {
            self.method = method
            self.path = path
        }
    }

    /// `<surface>.<noun>.<verb>`, stable for ever; the rpc method and the operationId of the API document.
    public let id: String
    public let method: HTTPRequest.Method
    /// With parameters in braces: `/api/v1/venues/{venue_id}`; a segment is fixed or one parameter. Below the path of the surface, if it
    /// has one.
    public let path: String
    public let success: HTTPResponse.Status
    public let access: Access
    /// One line for the API document.
    public let summary: String
    public let aliases: [Alias]
    /// Whether an `Idempotency-Key` is honoured: operations that change something and whose answer holds no secret.
    public let isIdempotencyAware: Bool
    /// Whether it is open to somebody whose password an administrator gave: only what leads to another password is.
    public let admitsGivenPassword: Bool

    public init(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, success: HTTPResponse.Status = .ok, access: Access, summary: String,
        aliases: [Alias] = [], isIdempotencyAware: Bool? = nil, admitsGivenPassword: Bool = false
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.success = success
        self.access = access
        self.summary = summary
        self.aliases = aliases
        self.isIdempotencyAware = isIdempotencyAware ?? (method != .get)
        self.admitsGivenPassword = admitsGivenPassword
    }
}
