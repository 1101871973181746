import Client
import Wire

/// What an rpc to an endpoint is answered with.
struct RPCAnswer: Decodable {
    struct Problem: Decodable {
        struct Field: Decodable {
            let pointer: String
            let code: String
        }

        let type: String
        let code: String
        let status: Int
        let errors: [Field]?
        let requestID: String

        enum CodingKeys: String, CodingKey {
            case type, code, status, errors
            case requestID = "request_id"
        }
    }

    let status: Int
    let body: RawJSON?

    func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        guard let body else { throw ClientError.unexpectedMessage }
        return try body.decode(type)
    }

    var problem: Problem? { try? body?.decode(Problem.self) }
}

extension LiveConnection {
    /// Calls an endpoint; the request is JSON text.
    func rpc(_ method: String, _ request: String? = nil, key: String? = nil) async throws -> RPCAnswer {
        let members = [key.map { #""key":"\#($0)""# }, request.map { #""request":\#($0)"# }].compactMap(\.self)
        return try await rpc(method, data: RawJSON("{\(members.joined(separator: ","))}"))
    }

    func rpc(_ method: String, data: RawJSON?) async throws -> RPCAnswer {
        guard case .rpc(let result) = try await call(.rpc(RPCRequest(method: method, data: data))), let answer = result.data else {
            throw ClientError.unexpectedMessage
        }
        return try answer.decode(RPCAnswer.self)
    }
}
