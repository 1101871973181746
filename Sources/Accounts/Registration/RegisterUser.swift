import Core

/// Makes an account for whoever asks; it starts as an employee.
public struct RegisterUser: Endpoint {
    public static let operation = Operation(
        "gym.users.register", .post, "/api/v1/users/register", success: .created, access: .everyone, summary: "Register an account"
    )
    public typealias Response = User

    var username: String
    var email: String
    var password: String
    var phone: String?

    public init(username: String, email: String, password: String, phone: String? = nil) {
        self.username = username
        self.email = email
        self.password = password
        self.phone = phone
    }

    public func validate(_ check: inout Validation) {
        check.username("username", username)
        check.email("email", email)
        check.phone("phone", phone)
        check.password("password", password)
        check(
            "password", PasswordStrength.isUnlike(password, username: username, email: email), code: "strength",
            detail: "must not be the username or the e-mail address"
        )
    }
}
