import Client
import Core
import Foundation
import Rooms
import Wire

/// An answer of the meeting rooms as a client reads it.
struct Enveloped<Payload: Decodable>: Decodable {
    let data: Payload
    let status: String
    let timestamp: String
}

/// A reservation as a client reads it; members that an answer leaves out are nil.
struct MeetingView: Decodable, Hashable, Sendable {
    let id: Int64
    let title: String
    let description: String?
    let startTime: String
    let endTime: String
    let userId: Int64?
    let roomId: Int64
    let createdAt: String
    let updatedAt: String
    let isPrivate: Bool?
    let seriesId: Int64?
    let checkInBy: String?
    let checkedInAt: String?
    let releasedAt: String?
    let room: Room
    let user: Person?
}

/// A refusal as a client reads it.
struct MeetingRefusal: Decodable, Sendable {
    struct Message: Decodable, Sendable {
        struct Conflict: Decodable, Hashable, Sendable {
            let reason: String
            let startTime: String?
            let endTime: String?
        }

        let message: String
        let error: String
        let statusCode: Int
        let code: String
        let errors: [FieldFailure]?
        let conflicts: [Conflict]?
    }

    let status: String
    let timestamp: String
    let message: Message
}

extension RESTResponse {
    /// What is in the envelope.
    ///
    /// - Throws: ``Problem`` for a refusal, `DecodingError`.
    func payload<Payload: Decodable>(_: Payload.Type = Payload.self) throws -> Payload {
        try success().decode(Enveloped<Payload>.self).data
    }

    /// The message of a refusal.
    var refusal: MeetingRefusal.Message {
        get throws { try decode(MeetingRefusal.self).message }
    }

    /// The names of the members of the object in the envelope, or of the first of a list, in alphabetical order.
    var payloadNames: [String] {
        get throws {
            if let list = try? decode(Enveloped<[[String: RawJSON]]>.self).data { return list.first?.keys.sorted() ?? [] }
            return try decode(Enveloped<[String: RawJSON]>.self).data.keys.sorted()
        }
    }
}

/// The members of a JSON object as they stand.
enum JSONMembers {
    static func read(_ text: String) throws -> [String: RawJSON] {
        try JSONDecoder().decode([String: RawJSON].self, from: Data(text.utf8))
    }
}
