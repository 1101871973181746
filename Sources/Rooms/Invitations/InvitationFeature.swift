import Core

/// Every door to the invitations.
struct InvitationFeature: Feature {
    let service: InvitationService

    func register(on api: inout API) {
        api.expose(Invite.self, service.invite)
        api.expose(ListInvitees.self, service.list)
        api.expose(AnswerInvitation.self, service.answer)
        api.expose(ReadInvitations.self, service.readOwn)
    }
}
