import Client
import Foundation
import Gym
import ServerTesting
import Testing
import Wire

/// Who may go through which door, and what every door answers to what does not fit.
@Suite(.timeLimit(.minutes(2))) struct DoorTests {
    @Test func `every door lets in whom it is for and nobody else`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            for (day, door) in Door.all.enumerated() {
                let stage = try await Stage(on: server, for: ana, day: day)
                if door.audience != .everyone {
                    let refusal = try await door.open(as: server.rest, on: stage)
                    #expect(refusal.status == 401, "\(door)")
                    #expect(refusal.header("WWW-Authenticate")?.hasPrefix("Bearer") == true, "\(door)")
                }
                if door.audience == .administrators {
                    #expect(try await door.open(as: ana.rest, on: stage).status == 403, "\(door)")
                }
                let client = door.audience == .everyone ? server.rest : door.audience == .members ? ana.rest : server.admin.rest
                let answer = try await door.open(as: client, on: stage)
                #expect(answer.status == door.status, "\(door) \(answer.text)")
            }
        }
    }

    @Test func `a thing that does not exist is not found at any door`() async throws {
        try await TestServer.run { server in
            let stage = try await Stage(on: server, for: server.member("ana"), day: 0)
            for door in Door.all where door.namesAThing {
                for id in ["999999", "abc", "1.5", "99999999999999999999", "-1"] {
                    let path = try #require(door.path.firstRange(of: /\{[a-z_]+\}/)).lowerBound
                    let unknown = door.path[..<path] + id + door.path[path...].replacing(/^\{[a-z_]+\}/, with: "")
                    let answer = try await server.admin.rest.send(
                        door.method, stage.fill(String(unknown)), body: door.body.map { Array(stage.fill($0).utf8) }
                    )
                    #expect(answer.status == 404, "\(door) \(id): \(answer.text)")
                    #expect(answer.header("Content-Type") == "application/problem+json")
                }
            }
        }
    }

    @Test func `a body that is no JSON object is malformed at every door`() async throws {
        try await TestServer.run { server in
            let stage = try await Stage(on: server, for: server.member("ana"), day: 0)
            for door in Door.all where door.body != nil {
                for body in ["{", "[]", "nonsense", "\"text\"", "{\"a\":1}}"] {
                    let answer = try await door.open(as: server.admin.rest, on: stage, body: body)
                    #expect(answer.status == 400, "\(door) \(body)")
                    #expect(answer.problem?.code == "request.malformed_body", "\(door) \(body)")
                }
            }
        }
    }

    @Test func `a field that breaks a rule is pointed at`() async throws {
        try await TestServer.run { server in
            let stage = try await Stage(on: server, for: server.member("ana"), day: 0)
            for door in Door.all {
                for (body, pointer) in door.wrong {
                    let answer = try await door.open(as: server.admin.rest, on: stage, body: body)
                    #expect(answer.status == 422, "\(door) \(body)")
                    #expect(answer.pointers.contains { $0.hasPrefix(pointer) }, "\(door) \(body): \(answer.text)")
                }
            }
        }
    }

    @Test func `the old addresses answer the same and name their successors`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            for (day, door) in Door.all.enumerated() {
                let stage = try await Stage(on: server, for: ana, day: day)
                let answer = try await door.open(as: door.audience == .members ? ana.rest : server.admin.rest, on: stage)
                if let successor = door.successor {
                    #expect(answer.header("Deprecation")?.hasPrefix("@") == true, "\(door)")
                    #expect(answer.header("Link") == "<\(stage.fill(successor))>; rel=\"successor-version\"", "\(door)")
                } else {
                    #expect(answer.header("Deprecation") == nil, "\(door)")
                }
            }
        }
    }

    @Test func `what is created says where it stands`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let stage = try await Stage(on: server, for: ana, day: 0)
            for door in Door.all where door.status == 201 && door.path != "/api/reservations" {
                let answer = try await door.open(as: server.admin.rest, on: stage)
                // The same slot can't be opened twice: its second address is answered with a conflict.
                guard answer.status == 201 else { continue }
                let location = try #require(answer.header("Location"), "\(door)")
                #expect(location.hasPrefix("/api/v1/"), "\(door)")
                #expect(try await server.admin.rest.get(location).status == 200, "\(door)")
            }
        }
    }
}
