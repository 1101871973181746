import Core
import Storage

/// Places that members of staff serve, named by the feature that owns them: `venue:12`. Whether a place exists is not asked here: an
/// assignment to one that does not opens nothing.
enum Place {
    /// The most places of one account.
    static let countMax = 200

    /// A lower-case noun, a colon, and an id from 1 to 2^53 - 1.
    static func isWellFormed(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...32).contains(parts[0].utf8.count), let id = Int64(parts[1]) else { return false }
        let isNoun = parts[0].utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
        return isNoun && (1...UserID.rawValueMax).contains(id) && String(id) == parts[1]
    }
}

extension Snapshot {
    /// Whether a person serves a place; administrators are not asked for here, they may enter any.
    public func isAssigned(_ user: UserID, to place: String) throws -> Bool {
        try first("SELECT 1 FROM place_assignment WHERE account_id = \(user) AND place = \(place)") as Row? != nil
    }

    func places(of user: UserID) throws -> [String] {
        let rows: [Row] = try all("SELECT place FROM place_assignment WHERE account_id = \(user) ORDER BY place")
        return try rows.map { try $0["place"] }
    }
}

extension Transaction {
    func assign(_ user: UserID, to places: some Sequence<String>) throws {
        try execute("DELETE FROM place_assignment WHERE account_id = \(user)")
        for place in places {
            try execute("INSERT INTO place_assignment (account_id, place) VALUES (\(user), \(place))")
        }
    }
}
