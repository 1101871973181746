import Core

/// Anybody's account.
struct ReadUser: Endpoint {
    static let operation = Operation("gym.users.read", .get, "/api/v1/users/{user_id}", access: .administrators, summary: "Read an account")
    typealias Response = User

    var userID: UserID

    func validate(_ check: inout Validation) { check("user_id", userID) }

    enum CodingKeys: String, CodingKey { case userID = "user_id" }
}

/// Changes anybody's account; what is absent stays as it is, an empty `phone` removes the number.
///
/// A change of role, places or password makes every access token of the person worthless; a new password also ends all sign-ins.
public struct ChangeUser: Endpoint {
    public static let operation = Operation(
        "gym.users.change", .put, "/api/v1/users/{user_id}", access: .administrators, summary: "Change an account"
    )
    public typealias Response = User

    var userID: UserID
    var username: String?
    var email: String?
    var phone: String?
    /// Good for nothing but for taking another one.
    var password: String?
    var role: Role?
    /// All places that the person serves from now on: `venue:12`.
    var places: [String]?

    public init(userID: UserID, username: String? = nil, email: String? = nil, password: String? = nil, role: Role? = nil) {
        self.userID = userID
        self.username = username
        self.email = email
        self.password = password
        self.role = role
    }

    public func validate(_ check: inout Validation) {
        check("user_id", userID)
        check.username("username", username)
        check.email("email", email)
        check.phone("phone", phone, isRemovable: true)
        check.password("password", password)
        check("places", places, countMax: Place.countMax)
        check(
            "places", places?.allSatisfy(Place.isWellFormed) ?? true, code: "pattern", detail: "must be names of places such as venue:12"
        )
    }

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case username, email, phone, password, role, places
    }
}

/// Removes a person: nobody can sign in as him any more, his sockets close, and his name and address are free again.
public struct DeleteUser: Endpoint {
    public static let operation = Operation(
        "gym.users.delete", .delete, "/api/v1/users/{user_id}", success: .noContent, access: .administrators, summary: "Delete an account"
    )
    public typealias Response = NoContent

    var userID: UserID

    public init(userID: UserID) {
        self.userID = userID
    }

    public func validate(_ check: inout Validation) { check("user_id", userID) }

    enum CodingKeys: String, CodingKey { case userID = "user_id" }
}
