import Accounts
import Core

/// Lists everybody.
struct ListPeople: Endpoint {
    static let operation = Operation("rooms.users.list", .get, "/users", access: .administrators, summary: "List the accounts")
    typealias Response = Listing<Person>

    var page: Int?
    var limit: Int?

    func validate(_ check: inout Validation) {
        check.page(page, limit: limit, limitMax: Int64(Listing<Person>.limitMax))
    }
}

/// Makes an account for somebody else. Only a superadmin makes administrators.
struct CreatePerson: Endpoint {
    static let operation = Operation(
        "rooms.users.create", .post, "/users", success: .created, access: .administrators, summary: "Make an account"
    )
    typealias Response = Person

    var username: String
    var password: String
    var email: String
    /// An employee where absent.
    var role: Person.Role?

    var registration: RegisterUser { RegisterUser(username: username, email: email, password: password) }

    func validate(_ check: inout Validation) { registration.validate(&check) }
}

/// Changes somebody's account; what is absent stays as it is. Only a superadmin changes administrators.
struct ChangePerson: Endpoint {
    static let operation = Operation("rooms.users.change", .patch, "/users/{id}", access: .administrators, summary: "Change an account")
    typealias Response = Person

    var id: UserID
    var username: String?
    var email: String?
    var role: Person.Role?

    func validate(_ check: inout Validation) {
        check("id", id)
        check.username("username", username)
        check.email("email", email)
    }
}

/// Gives an account another password: one's own with the old one, somebody else's (for administrators) without it. A password that an
/// administrator has given is good for nothing but for taking another.
struct ChangePersonPassword: Endpoint {
    static let operation = Operation(
        "rooms.users.change-password", .patch, "/users/{id}/password", access: .signedIn, summary: "Change a password",
        admitsGivenPassword: true
    )

    struct Response: Codable, Sendable {
        var message = "密码修改成功"
    }

    var id: UserID
    var oldPassword: String?
    var newPassword: String

    func validate(_ check: inout Validation) {
        check("id", id)
        check("oldPassword", oldPassword, length: 1...128)
        check.password("newPassword", newPassword)
    }
}

/// Removes a person: nobody can sign in as him any more, and what he has reserved from now on is free.
struct DeletePerson: Endpoint {
    static let operation = Operation(
        "rooms.users.delete", .delete, "/users/{id}", success: .noContent, access: .administrators, summary: "Delete an account"
    )
    typealias Response = NoContent

    var id: UserID

    func validate(_ check: inout Validation) { check("id", id) }
}
