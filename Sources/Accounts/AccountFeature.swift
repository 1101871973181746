import Core

/// Every door into the accounts.
public struct AccountFeature: Feature {
    let service: AccountService

    public init(service: AccountService) {
        self.service = service
    }

    public func register(on api: inout API) {
        api.expose(RegisterUser.self, service.register)

        api.expose(LogIn.self, service.logIn)
        api.expose(RefreshTokens.self, service.refreshTokens)
        api.expose(LogOut.self, service.logOut)

        api.expose(ReadOwnAccount.self, service.readOwnAccount)
        api.expose(ChangeOwnAccount.self, service.changeOwnAccount)

        api.expose(ReadUser.self, service.readUser)
        api.expose(ChangeUser.self, service.changeUser)
        api.expose(DeleteUser.self, service.deleteUser)
    }
}
