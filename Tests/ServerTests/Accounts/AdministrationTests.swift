import Accounts
import Client
import Core
import Gym
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct AdministrationTests {
    @Test func `only administrators read, change and delete accounts`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let path = "/api/v1/users/\(ana.id)"
            let others = [
                (try await server.member("ben").rest, 403), (try await server.member("lea", role: .leader).rest, 403),
                (try await server.member("stan", role: .staff, places: ["venue:1"]).rest, 403), (ana.rest, 403), (server.rest, 401),
            ]

            for (rest, status) in others {
                #expect(try await rest.get(path).status == status)
                #expect(try await rest.put(path, body: ["phone": "+86 10 1234"]).status == status)
                #expect(try await rest.delete(path).status == status)
            }
            #expect(try await ana.account().phone == nil)

            let adam = try await server.member("adam", role: .admin)
            let read: User = try await adam.rest.get(path).success().decode()
            #expect((read.username, read.email) == ("ana", "ana@example.org"))
            let changed: User = try await adam.rest.put(path, body: ["phone": "+86 10 1234"]).success().decode()
            #expect(changed.phone == "+86 10 1234")
            #expect(try await ana.account().phone == "+86 10 1234")
            #expect(try await adam.rest.delete(path).status == 204)
            #expect(try await adam.rest.get(path).status == 404)
        }
    }

    @Test(arguments: ["999999", "0", "-1", "ana", "1.5", "99999999999999999999", "%00", "1%2F2"])
    func `an id that nobody has is answered as a refusal`(id: String) async throws {
        try await TestServer.run { server in
            let path = "/api/v1/users/\(id)"
            let statuses = [
                try await server.admin.rest.get(path).status,
                try await server.admin.rest.put(path, body: ["phone": "+86 10 1234"]).status,
                try await server.admin.rest.delete(path).status,
            ]

            #expect(statuses.allSatisfy { [404, 422].contains($0) })
            #expect(id != "999999" || statuses == [404, 404, 404])
        }
    }

    @Test(
        arguments: [
            ("email", "nowhere"), ("phone", "call me"), ("password", "weak"), ("role", "king"), ("role", ""), ("places", "venue:1"),
        ]
    )
    func `a change that breaks a rule names the field and changes nothing`(field: String, value: String) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            let answer = try await server.change(ana, [field: value])

            #expect(answer.status == 422)
            #expect(answer.problem?.errors.first?.pointer.hasPrefix("/\(field)") == true)
            #expect(try await ana.standing() == .accepted)
        }
    }

    @Test func `an address that somebody else has is refused`() async throws {
        try await TestServer.run { server in
            let members = try await server.members("ana", "ben")

            let answer = try await server.change(members[0], ["email": "ben@example.org"])

            #expect(answer.status == 409)
            #expect(answer.problem?.code == "account.email_taken")
        }
    }

    @Test func `an admin looks after members but not after administrators`() async throws {
        try await TestServer.run { server in
            let adam = try await server.member("adam", role: .admin)
            let eve = try await server.member("eve", role: .admin)
            let ana = try await server.member("ana")

            #expect(try await server.change(ana, ["role": "staff"], by: adam).status == 200)
            for role in ["admin", "superadmin"] { #expect(try await server.change(ana, ["role": role], by: adam).status == 403) }
            for target in [eve, server.admin, adam] {
                #expect(try await server.change(target, ["phone": "+86 10 1234"], by: adam).status == 403)
                #expect(try await server.change(target, ["password": "Taken-over-1"], by: adam).status == 403)
                #expect(try await server.change(target, ["role": "employee"], by: adam).status == 403)
                #expect(try await server.delete(target, by: adam).status == 403)
            }
            #expect(try await eve.standing() == .accepted)
            #expect(try await server.change(eve, ["role": "employee"]).status == 200)
            #expect(try await server.delete(adam).status == 204)
        }
    }

    @Test func `the last superadmin stays one`() async throws {
        try await TestServer.run { server in
            let demotion = try await server.change(server.admin, ["role": "admin"])
            #expect(demotion.status == 409)
            #expect(demotion.problem?.code == "account.last_superadmin")
            #expect(try await server.delete(server.admin).status == 409)
            #expect(try await server.admin.standing() == .accepted)

            let eve = try await server.member("eve", role: .superadmin)
            #expect(try await server.delete(server.admin, by: eve).status == 204)
            #expect(try await server.change(eve, ["role": "employee"], by: eve).status == 409)
        }
    }

    @Test func `two superadmins who remove each other at once leave one`() async throws {
        try await TestServer.run { server in
            let eve = try await server.member("eve", role: .superadmin)

            async let first = server.delete(eve, by: server.admin)
            async let second = server.delete(server.admin, by: eve)
            let statuses = [try await first.status, try await second.status]

            #expect(statuses.count { $0 == 204 } == 1)
            let survivor = statuses[0] == 204 ? server.admin : eve
            #expect(try await survivor.account().role == .superadmin)
        }
    }

    @Test func `an administrator who was demoted can do nothing more with an old token or a new one`() async throws {
        try await TestServer.run { server in
            let adam = try await server.member("adam", role: .admin)
            let ana = try await server.member("ana")
            try await server.change(adam, ["role": "employee"]).success()

            #expect(TokenStanding(try await server.delete(ana, by: adam)) == .expired)
            let grant: TokenGrant = try await adam.refresh().success().decode()
            #expect(try await server.rest.with(token: grant.accessToken).delete("/api/v1/users/\(ana.id)").status == 403)
        }
    }

    @Test func `whoever is deleted is gone everywhere, and his name and room are free again`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 1)
            try await ana.reserve(slot).success()
            #expect(try await ben.reserve(slot).status == 409)

            #expect(try await server.delete(ana).status == 204)

            #expect(try await ana.standing() == .ended)
            #expect(try await ana.refresh().status == 401)
            #expect(try await server.tryToSignIn("ana").problem?.code == "account.wrong_credentials")
            #expect(try await server.admin.rest.get("/api/v1/users/\(ana.id)").status == 404)
            #expect(try await server.delete(ana).status == 404)
            #expect(try await server.change(ana, ["phone": "+86 10 1234"]).status == 404)
            #expect(try await ben.reserve(slot).status == 201)
            let successor = try await server.member("ana")
            #expect(successor.id != ana.id)
            #expect(try await ana.standing() == .ended)
        }
    }

    @Test func `a new password from an administrator ends every sign-in`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")

            try await server.change(ana, ["password": "Given-pass-7"]).success()

            #expect(try await ana.standing() == .ended)
            #expect(try await ana.refresh().status == 401)
            #expect(try await server.tryToSignIn("ana").status == 401)
            #expect(try await server.tryToSignIn("ana", "Given-pass-7").status == 200)
        }
    }
}
