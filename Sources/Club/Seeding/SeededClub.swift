import Wire

/// What a seeder has made, for whoever wants to try the server.
public struct SeededClub: Sendable {
    public struct Account: Sendable {
        public let role: String
        public let username: String
        public let userID: Int64
    }

    public struct Venue: Sendable {
        public let id: Int64
        public let name: String
    }

    /// One of each role below the superadmin's.
    public let accounts: [Account]
    public let venues: [Venue]
    /// Slots that begin tomorrow or later and have room, the first ones first.
    public let freeSlotIDs: [Int64]
    public let days: ClosedRange<LocalDate>
}
