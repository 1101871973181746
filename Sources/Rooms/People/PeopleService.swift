import Accounts
import Core

/// The accounts in the meeting rooms' words. Their rules are those of `Accounts`, whatever the surface.
struct PeopleService: Sendable {
    let accounts: AccountService

    func signIn(_ request: SignInPerson, in context: CallContext) async throws -> PersonTokens {
        PersonTokens(try await accounts.logIn(LogIn(username: request.username, password: request.password), in: context))
    }

    func refresh(_ request: RefreshPerson, in context: CallContext) async throws -> PersonTokens {
        PersonTokens(try await accounts.refreshTokens(RefreshTokens(refreshToken: request.refreshToken), in: context))
    }

    func signOut(_: SignOutPerson, in context: CallContext) async throws -> NoContent {
        try await accounts.logOut(LogOut(), in: context)
    }

    func register(_ request: RegisterPerson, in context: CallContext) async throws -> Person {
        Person(try await accounts.register(request.registration, in: context))
    }

    func list(_ request: ListPeople, in context: CallContext) async throws -> Listing<Person> {
        let window = PageWindow(page: request.page, limit: request.limit, limitDefault: Listing<Person>.limitMax)
        let users = try await accounts.listUsers(limit: window.limit + 1, offset: window.offset, in: context)
        return Listing(users.map(Person.init), window)
    }

    func create(_ request: CreatePerson, in context: CallContext) async throws -> Person {
        let role = request.role?.accountRole ?? .employee
        return Person(try await accounts.createUser(request.registration, role: role, in: context))
    }

    func change(_ request: ChangePerson, in context: CallContext) async throws -> Person {
        let change = ChangeUser(userID: request.id, username: request.username, email: request.email, role: request.role?.accountRole)
        return Person(try await accounts.changeUser(change, in: context))
    }

    /// - Throws: `AccessError.forbidden` for somebody else's, unless the caller is an administrator; `ValidationError` for a wrong old one.
    func changePassword(_ request: ChangePersonPassword, in context: CallContext) async throws -> ChangePersonPassword.Response {
        let caller = try context.caller.signedIn()
        let user = try context.caller.mayActFor(request.id)
        do {
            if user == caller.userID {
                guard let oldPassword = request.oldPassword else { throw Self.refusal("oldPassword", "required", "is required") }
                let change = ChangeOwnAccount(password: request.newPassword, oldPassword: oldPassword)
                _ = try await accounts.changeOwnAccount(change, in: context)
            } else {
                guard !caller.mustChangePassword else { throw AccessError.mustChangePassword }
                _ = try await accounts.givePassword(request.newPassword, to: user, replacing: request.oldPassword, in: context)
            }
        } catch AccountError.wrongPassword {
            throw Self.refusal("oldPassword", "wrong", "is wrong")
        } catch let error as ValidationError where error.failures.contains(where: { $0.pointer == "/password" }) {
            // The rules on accounts name the fields as the gym does.
            throw Self.refusal("newPassword", "strength", "must not be the username or the e-mail address")
        }
        return ChangePersonPassword.Response()
    }

    func delete(_ request: DeletePerson, in context: CallContext) async throws -> NoContent {
        try await accounts.deleteUser(DeleteUser(userID: request.id), in: context)
    }

    private static func refusal(_ field: String, _ code: String, _ detail: String) -> ValidationError {
        ValidationError([FieldFailure(pointer: "/\(field)", code: code, detail: detail)])
    }
}
