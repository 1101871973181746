import Core
import Foundation
import Wire

/// The data of an rpc, taken apart as HTTP would have it: parameters of the path, of the query, and a body.
struct CallRequest {
    let idempotencyKey: String?
    private let members: [String: RawJSON]
    /// The request as it came, for a body.
    private let bytes: [UInt8]

    /// Nil for data that is not `{"key": "…", "request": {…}}`; both may be missing.
    init?(_ data: RawJSON?) {
        guard let outer = data.map({ $0.isNull ? [:] : $0.members }) ?? [:] else { return nil }
        if let key = outer["key"], !key.isNull {
            guard let text = try? key.decode(String.self) else { return nil }
            idempotencyKey = text
        } else {
            idempotencyKey = nil
        }
        guard let request = outer["request"], !request.isNull else {
            members = [:]
            bytes = []
            return
        }
        guard let members = request.members else { return nil }
        self.members = members
        bytes = request.bytes
    }

    /// How large the request is, as bytes of JSON.
    var bytesCount: Int { bytes.count }

    /// The same request as if it had come to the operation's address.
    ///
    /// - Throws: ``ValidationError`` for a list or an object where an address has room for a text only.
    func input(for operation: Core.Operation, _ pattern: PathPattern) throws -> RequestInput {
        var path: [String: String] = [:]
        for name in pattern.parameters { path[name] = try text(name) }
        guard operation.method == .get || operation.method == .delete else {
            // Members of the path stay in the body, where nobody looks for them: the path comes first.
            return RequestInput(path: path, body: Data(bytes))
        }
        var query: [String: String] = [:]
        for name in members.keys where path[name] == nil { query[name] = try text(name) }
        return RequestInput(path: path, query: query)
    }

    /// A member as an address would spell it; nil where it is missing or null.
    private func text(_ name: String) throws -> String? {
        guard let value = members[name], !value.isNull, let first = value.bytes.first else { return nil }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            throw ValidationError([FieldFailure(pointer: "/\(name)", code: "type", detail: "has the wrong type")], kind: .malformed)
        case UInt8(ascii: "\""): return try value.decode(String.self)
        default: return value.text
        }
    }
}

extension RawJSON {
    fileprivate var isNull: Bool { bytes == Array("null".utf8) }
}
