import Core

/// Every door to the accounts from the meeting rooms.
struct PeopleFeature: Feature {
    let service: PeopleService

    func register(on api: inout API) {
        api.expose(SignInPerson.self, service.signIn)
        api.expose(RefreshPerson.self, service.refresh)
        api.expose(SignOutPerson.self, service.signOut)
        api.expose(RegisterPerson.self, service.register)

        api.expose(ListPeople.self, service.list)
        api.expose(CreatePerson.self, service.create)
        api.expose(ChangePerson.self, service.change)
        api.expose(ChangePersonPassword.self, service.changePassword)
        api.expose(DeletePerson.self, service.delete)
    }
}
