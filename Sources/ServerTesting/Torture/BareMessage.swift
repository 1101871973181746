import Foundation

/// What a server of the Centrifuge client protocol says, as far as a reader of channels needs it.
///
/// Read by Foundation and by nothing of Ringside: a mistake that the server's codec and the client's have in common would show here.
struct BareMessage: Decodable {
    struct Failure: Decodable {
        let code: Int
    }

    struct Connected: Decodable {
        let client: String
    }

    struct Subscribed: Decodable {
        let epoch: String?
        let offset: UInt64?
        let recovered: Bool?
        let wasRecovering: Bool?
        let publications: [BarePublication]?

        enum CodingKeys: String, CodingKey {
            case epoch, offset, recovered, publications
            case wasRecovering = "was_recovering"
        }
    }

    struct Unsubscribed: Decodable {
        let code: Int?
    }

    struct Push: Decodable {
        let channel: String?
        let pub: BarePublication?
        let unsubscribe: Unsubscribed?
    }

    let id: UInt32?
    let error: Failure?
    let connect: Connected?
    let subscribe: Subscribed?
    let push: Push?

    /// The messages of one frame; an empty line at the end is none.
    static func messages(in text: [UInt8]) throws -> [BareMessage] {
        try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(BareMessage.self, from: Data($0)) }
    }

    /// `{}`, which has to be answered in kind.
    var isPing: Bool { id == nil && push == nil }
}

struct BarePublication: Decodable {
    struct Event: Decodable {
        let id: String
    }

    let data: Event
    let offset: UInt64?

    var entry: SequenceEntry { SequenceEntry(offset: offset ?? 0, id: data.id) }
}
