import Core
import HTTPTypes
import Wire

// The one place where a refusal gets its number, in HTTP and on the socket.

extension ErrorKind {
    /// The status of an HTTP answer (RFC 9110, RFC 6585).
    var status: HTTPResponse.Status {
        switch self {
        case .malformed: .badRequest
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .requestTimeout: .requestTimeout
        case .conflict: .conflict
        case .preconditionFailed: .preconditionFailed
        case .tooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .invalid: .unprocessableContent
        case .preconditionRequired: .preconditionRequired
        case .tooManyRequests: .tooManyRequests
        case .unavailable: .serviceUnavailable
        }
    }

    /// The code of a protocol error: the protocol's own where it has one, else the HTTP status, which lies in the range (400-1999) that
    /// the protocol leaves to applications.
    var protocolCode: UInt32 {
        switch self {
        case .malformed: ProtocolError.badRequest.code
        case .unauthenticated: ProtocolError.unauthorized.code
        case .forbidden: ProtocolError.permissionDenied.code
        case .tooManyRequests: ProtocolError.tooManyRequests.code
        default: UInt32(status.code)
        }
    }

    /// Whether the same request may succeed later without any change of it.
    var isTemporary: Bool {
        switch self {
        case .requestTimeout, .tooManyRequests, .unavailable: true
        default: false
        }
    }
}

extension ProtocolError {
    /// What a socket is told of an error: a domain's code as the message, and nothing at all of an internal error.
    init(describing error: any Error) {
        switch error {
        case let error as ProtocolError: self = error
        case AuthenticationError.expired: self = .tokenExpired
        case let error as any DomainError:
            self.init(code: error.kind.protocolCode, message: error.code, temporary: error.kind.isTemporary)
        default: self = .internalError
        }
    }
}
