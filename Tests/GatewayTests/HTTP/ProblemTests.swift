import Core
import Foundation
import HTTPTypes
import Testing
import Wire

@testable import Gateway

@Suite struct ProblemTests {
    @Test func `a refusal has the shape of RFC 9457`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send(
                "POST", "/api/v1/things/breakage", fields: ["X-Request-ID: abc-1"], body: #"{"how":"taken"}"#
            )
            #expect(answer.status == 409)
            #expect(answer["content-type"] == "application/problem+json")
            #expect(
                answer.body
                    == #"{"type":"/problems/thing.taken","title":"Conflict","status":409,"detail":"The thing is taken.","#
                    + #""instance":"urn:ringside:request:abc-1","code":"thing.taken","request_id":"abc-1","#
                    + #""conflicts":[{"reason":"taken","units_free":0}]}"#
            )
        }
    }

    @Test func `a refusal for a while says for how long`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("POST", "/api/v1/things/breakage", body: #"{"how":"busy"}"#)
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "2")
            #expect(answer.json?["retryAfterMs"] as? Int == 1_500)
        }
    }

    @Test func `an internal error is logged once and told to nobody`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("POST", "/api/v1/things/breakage", body: #"{"how":"secretly"}"#)
            #expect(answer.status == 500)
            #expect(answer.code == "internal")
            #expect(!answer.body.contains("swordfish"))
            let errors = server.log.all.filter { $0.level == .error }
            #expect(errors.count == 1)
            #expect(errors.first?.metadata["request.id"] == answer["x-request-id"])
        }
    }

    @Test func `an answer out of the store says so`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("POST", "/api/v1/things/breakage", body: #"{"how":"replay"}"#)
            #expect(answer["idempotent-replayed"] == "true")
        }
    }

    @Test(arguments: ["two words", "", String(repeating: "k", count: 256)])
    func `an idempotency key that is none is refused`(key: String) async throws {
        try await ThingServer.run { server in
            let answer = try await server.send(
                "POST", "/api/v1/things", token: "member", fields: ["Idempotency-Key: \(key)"], body: #"{"name":"ball"}"#
            )
            #expect(answer.status == 400)
            #expect(answer.code == "request.malformed_idempotency_key")
        }
    }

    @Test func `every kind of refusal has a status and a code for sockets`() {
        for kind in ErrorKind.allCases {
            #expect((400...599).contains(kind.status.code))
            #expect((100...1_999).contains(kind.protocolCode))
        }
        #expect(ProtocolError(describing: SecretFailure()) == .internalError)
        #expect(ProtocolError(describing: AuthenticationError.expired) == .tokenExpired)
        #expect(ProtocolError(describing: ThingError.taken) == ProtocolError(code: 409, message: "thing.taken"))
        #expect(ProtocolError(describing: ThingError.busy).temporary)
    }
}
