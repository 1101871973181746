import Client
import Core
import Wire

extension RESTResponse {
    /// The names of the members of the JSON object in the body, in alphabetical order.
    var memberNames: [String] {
        get throws { try decode([String: RawJSON].self).keys.sorted() }
    }

    /// What the refusal says stands in the way.
    var conflicts: [ConflictDetail] {
        get throws {
            struct Document: Decodable { let conflicts: [ConflictDetail]? }
            return try decode(Document.self).conflicts ?? []
        }
    }

    /// The fields that the refusal says are wrong.
    var pointers: [String] { problem?.errors.map(\.pointer) ?? [] }
}
