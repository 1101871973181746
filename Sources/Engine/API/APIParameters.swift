import Foundation
import Realtime
import Wire

/// The parameters of one request, read by name. Absent ones and `null` read as zero values; data is taken as it stands.
struct APIParameters {
    private let members: [String: RawJSON]

    init(_ json: RawJSON) throws(APIFailure) {
        guard let members = json.members else { throw .malformed }
        self.members = members.filter { $0.value != RawJSON("null") }
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    func value<Value: Decodable>(_ name: String, as _: Value.Type = Value.self) throws(APIFailure) -> Value? {
        guard let json = members[name] else { return nil }
        guard let value = try? json.decode(Value.self) else { throw .malformed }
        return value
    }

    func text(_ name: String) throws(APIFailure) -> String { try value(name) ?? "" }

    func bool(_ name: String) throws(APIFailure) -> Bool { try value(name) ?? false }

    func object(_ name: String) throws(APIFailure) -> APIParameters? {
        guard let json = members[name] else { return nil }
        return try APIParameters(json)
    }

    func list(_ name: String) throws(APIFailure) -> [RawJSON]? {
        guard let json = members[name] else { return nil }
        guard let elements = json.elements else { throw .malformed }
        return elements
    }

    /// - Throws: `ProtocolError.badRequest` for an empty name.
    func channel() throws(APIFailure) -> String {
        let channel = try text("channel")
        guard !channel.isEmpty else { throw .refused(.badRequest) }
        return channel
    }

    /// JSON under a name, or in base64 under its `b64` name.
    func json(_ name: String) throws(APIFailure) -> RawJSON? {
        if let json = members[name] { return json }
        guard let text: String = try value("b64" + name) else { return nil }
        // What is not JSON, or has line breaks in it, must not get into a frame.
        guard let data = Data(base64Encoded: text), let json = RawJSON(validating: Array(data)) else {
            throw .refused(.badRequest)
        }
        return json
    }

    /// - Throws: `ProtocolError.badRequest` where there is nothing to publish.
    func publication() throws(APIFailure) -> Publication {
        guard let data = try json("data") else { throw .refused(.badRequest) }
        return Publication(data: data, tags: try value("tags") ?? [:])
    }

    func position(_ name: String) throws(APIFailure) -> StreamPosition? {
        guard let since = try object(name) else { return nil }
        return StreamPosition(epoch: try since.text("epoch"), offset: try since.value("offset") ?? 0)
    }

    /// Whose connections are meant.
    ///
    /// - Throws: `ProtocolError.badRequest` where nobody is named; an empty user, given as such, is everybody anonymous.
    func target() throws(APIFailure) -> HubTarget {
        guard has("user") || has("client") || has("session") else { throw .refused(.badRequest) }
        return HubTarget(user: try text("user"), client: try value("client"), session: try value("session"))
    }
}
