import Core

/// Why an account can't be made, changed or signed in to.
public enum AccountError: String, DomainError {
    case usernameTaken = "account.username_taken"
    case emailTaken = "account.email_taken"
    /// Also for a name that nobody has: nobody learns who has an account.
    case wrongCredentials = "account.wrong_credentials"
    case wrongPassword = "account.wrong_password"
    case notFound = "account.not_found"
    case lastSuperadmin = "account.last_superadmin"

    public var kind: ErrorKind {
        switch self {
        case .usernameTaken, .emailTaken, .lastSuperadmin: .conflict
        case .wrongCredentials: .unauthenticated
        case .wrongPassword: .invalid
        case .notFound: .notFound
        }
    }

    public var detail: String {
        switch self {
        case .usernameTaken: "This username is taken."
        case .emailTaken: "There is an account with this e-mail address."
        case .wrongCredentials: "Username or password is wrong."
        case .wrongPassword: "The old password is wrong."
        case .notFound: "There is no such account."
        case .lastSuperadmin: "This is the last superadmin; make another one first."
        }
    }

    public var failures: [FieldFailure] {
        self == .wrongPassword ? [FieldFailure(pointer: "/old_password", code: "wrong", detail: detail)] : []
    }
}

/// Too many wrong passwords for one name or from one address.
public struct TooManyAttempts: DomainError {
    public let retryAfterMilliseconds: Int?

    public var code: String { "account.too_many_attempts" }
    public var kind: ErrorKind { .tooManyRequests }
    public var detail: String { "Too many failed attempts; wait before the next one." }
}
