import Core
import Foundation
import Testing
import Wire

@testable import Gateway

@Suite struct EndpointCallTests {
    private let log = LogLines()
    private var calls: EndpointCalls {
        EndpointCalls(api: .things(), authenticator: ThreeTokens(), requestBytesMax: 1_000, time: SystemTime(), logger: log.logger)
    }

    private func caller(_ role: Role = .employee, expiresAt: Instant = Instant(microseconds: .max)) -> SignedInCaller {
        SignedInCaller(userID: .init(7), role: role, sessionID: .init(1), issuedAt: Instant(microseconds: 0), expiresAt: expiresAt)
    }

    private func call(_ method: String, _ data: String? = nil, as caller: SignedInCaller? = nil) async throws -> String {
        try await calls.call(caller ?? self.caller(), method: method, data: data.map { RawJSON($0) }).text
    }

    @Test func `an operation is called by its id and answers what HTTP answers`() async throws {
        #expect(try await call("test.things.latest") == #"{"status":200,"body":{"id":99,"name":"latest"}}"#)
        #expect(
            try await call("test.things.create", #"{"request":{"name":"ball"}}"#) == #"{"status":201,"body":{"id":2,"name":"ball"}}"#)
        #expect(
            try await call("test.things.delete", #"{"request":{"thing_id":4}}"#, as: caller(.admin)) == #"{"status":204}"#)
    }

    @Test func `members of the request are the parameters of the path and of the query`() async throws {
        #expect(try await call("test.things.read", #"{"request":{"thing_id":7}}"#) == #"{"status":200,"body":{"id":7,"name":"read"}}"#)
        #expect(try await call("test.things.read", #"{"request":{"thing_id":"7"}}"#) == #"{"status":200,"body":{"id":7,"name":"read"}}"#)
        #expect(
            try await call("test.things.list", #"{"request":{"limit":5,"name":"a b ü&","more":null}}"#)
                == #"{"status":200,"body":[{"id":1,"name":"a b ü&"}]}"#)
    }

    @Test(arguments: [
        ("test.things.create", #"{"request":{}}"#, 422, "request.invalid"),
        ("test.things.create", #"{"request":{"name":""}}"#, 422, "request.invalid"),
        ("test.things.create", #"{"request":{"name":7}}"#, 422, "request.invalid"),
        ("test.things.create", #"{"key":"a b","request":{"name":"ball"}}"#, 400, "request.malformed_idempotency_key"),
        ("test.things.create", #"{"key":"","request":{"name":"ball"}}"#, 400, "request.malformed_idempotency_key"),
        ("test.things.read", #"{"request":{"thing_id":"x"}}"#, 404, "request.route_not_found"),
        ("test.things.read", #"{"request":{"thing_id":[7]}}"#, 400, "request.invalid"),
        ("test.things.list", #"{"request":{"limit":101}}"#, 400, "request.invalid"),
        ("test.things.list", #"{"request":{"limit":{}}}"#, 400, "request.invalid"),
        ("test.things.delete", #"{"request":{"thing_id":4}}"#, 403, "access.forbidden"),
        ("test.things.break", #"{"request":{"how":"taken"}}"#, 409, "thing.taken"),
        ("test.things.break", #"{"request":{"how":"busy"}}"#, 503, "thing.busy"),
    ])
    func `a refusal is a problem with the status of HTTP`(_ method: String, _ data: String, _ status: Int, _ code: String) async throws {
        struct Answer: Decodable {
            struct Body: Decodable {
                let status: Int
                let code: String
                let type: String
            }
            let status: Int
            let body: Body
        }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(try await call(method, data).utf8))
        #expect(answer.status == status)
        #expect(answer.body.status == status)
        #expect(answer.body.code == code)
        #expect(answer.body.type == "/problems/\(code)")
    }

    @Test func `a request that is too large is refused`() async throws {
        let note = String(repeating: "n", count: 1_000)
        let answer = try await call("test.things.create", #"{"request":{"name":"ball","note":"\#(note)"}}"#)
        #expect(answer.hasPrefix(#"{"status":413,"#))
    }

    @Test func `a call in the name of a token that is over is refused, though the connection still stands`() async throws {
        let answer = try await call("test.things.latest", as: caller(expiresAt: Instant(microseconds: 1)))
        #expect(answer.hasPrefix(#"{"status":401,"#))
        #expect(answer.contains(#""code":"token.expired""#))
    }

    @Test func `an error that nobody foresaw is logged and not told`() async throws {
        let answer = try await call("test.things.break", #"{"request":{"how":"secretly"}}"#)
        #expect(answer.hasPrefix(#"{"status":500,"#))
        #expect(!answer.contains("swordfish"))
        let line = try #require(log.all.first { $0.level == .error })
        #expect(line.metadata["rpc.method"] == "test.things.break")
        #expect(line.metadata["request.id"].map { answer.contains($0) } == true)
    }

    @Test(arguments: ["test.things", "", "TEST.THINGS.LIST", "/api/v1/things"])
    func `an unknown method is an error of the protocol`(_ method: String) async throws {
        await #expect(throws: ProtocolError.methodNotFound) { try await call(method) }
    }

    @Test(arguments: [
        "[]", "7", #""x""#, #"{"request":[]}"#, #"{"request":7}"#, #"{"key":7}"#, #"{"key":"a","key":"b"}"#,
        #"{"request":{"name":"a","name":"b"}}"#, #"{"request":{"name":"\ud800"}}"#, "{", "",
    ])
    func `data that can't be read is an error of the protocol`(_ data: String) async throws {
        await #expect(throws: ProtocolError.badRequest) { try await call("test.things.latest", data) }
    }

    @Test func `data that is no UTF-8 is an error of the protocol`() async throws {
        let data = RawJSON(bytes: Array(#"{"key":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        await #expect(throws: ProtocolError.badRequest) { try await calls.call(caller(), method: "test.things.latest", data: data) }
    }

    @Test func `missing data, a missing request and null mean an empty request`() async throws {
        for data in [nil, "null", "{}", #"{"request":null,"key":null}"#, #"{"request":{}}"#] {
            #expect(try await call("test.things.latest", data).hasPrefix(#"{"status":200,"#))
        }
    }

    @Test func `every call is one line in the log that names nothing a person typed`() async throws {
        _ = try await call("test.things.create", #"{"key":"key-7","request":{"name":"secret ball"}}"#)
        #expect(log.all.count == 1)
        let line = try #require(log.all.first)
        #expect(line.metadata["rpc.method"] == "test.things.create")
        #expect(line.metadata["rpc.status"] == "201")
        #expect(line.metadata["user.id"] == "7")
        #expect(!line.metadata.values.contains { $0.contains("ball") || $0.contains("key-7") })
    }
}
