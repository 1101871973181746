import Core

/// The caller's own account.
struct ReadOwnAccount: Endpoint {
    static let operation = Operation(
        "gym.users.read-own", .get, "/api/v1/users/me", access: .signedIn, summary: "Read your own account",
        admitsGivenPassword: true
    )
    typealias Response = User
}

/// Changes the caller's own account; what is absent stays as it is, an empty `phone` removes the number.
///
/// A new password ends every other sign-in, and the access token this was asked with is good no longer: the client takes a new one with its
/// refresh token.
public struct ChangeOwnAccount: Endpoint {
    public static let operation = Operation(
        "gym.users.change-own", .put, "/api/v1/users/me", access: .signedIn, summary: "Change your own account",
        admitsGivenPassword: true
    )
    public typealias Response = User

    var email: String?
    var phone: String?
    /// The new one; needs `old_password`.
    var password: String?
    var oldPassword: String?
    /// Only the role that the account has: nobody raises himself.
    var role: Role?

    /// A change of the password.
    public init(password: String, oldPassword: String) {
        self.password = password
        self.oldPassword = oldPassword
    }

    public func validate(_ check: inout Validation) {
        check.email("email", email)
        check.phone("phone", phone, isRemovable: true)
        check.password("password", password)
        check("old_password", oldPassword, length: 1...PasswordStrength.length.upperBound)
        check("old_password", password == nil || oldPassword != nil, code: "required", detail: "is required for a new password")
    }

    enum CodingKeys: String, CodingKey {
        case email, phone, password, role
        case oldPassword = "old_password"
    }
}
