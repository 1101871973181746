import Booking
import Core
import Storage
import Wire

/// Tells a holder how much time is left, and everybody that it has run out. Confirming or releasing takes it back.
public struct TellOfHold: JobKind {
    public static let kind = "rooms.tell-of-hold"

    let holdID: Int64

    init(_ hold: RoomHold.ID) {
        holdID = hold.rawValue
    }

    static func key(of hold: RoomHold.ID) -> String { "room_hold:\(hold)" }
}

/// The countdown of a hold: one job that goes on from warning to warning until the end. The room is free at that instant, whether or not
/// the job is there in time: it only brings the news.
public struct HoldCountdown: Sendable {
    /// How many seconds before the end the holder is warned.
    static let warnings: [Int64] = [30, 10]

    private let occupancy: Occupancy

    public init(occupancy: Occupancy) {
        self.occupancy = occupancy
    }

    /// Has the next thing told that there is to tell.
    func goOn(_ hold: HoldRow, _ tx: Transaction) throws {
        let moments = (Self.warnings + [0]).map { hold.expiresAt.advanced(bySeconds: -$0) }
        let next = moments.first { $0 > tx.now } ?? hold.expiresAt
        try tx.enqueue(TellOfHold(hold.id), at: next, key: TellOfHold.key(of: hold.id))
    }

    /// What the job writes.
    ///
    /// - Throws: `StorageError`.
    public func tell(_ job: TellOfHold, in tx: Transaction) throws {
        let id = RoomHold.ID(job.holdID)
        guard let candidate = try tx.roomHold(id), candidate.ending == nil else { return }
        let resource = try tx.room(candidate.roomID)?.resourceID.flatMap { try occupancy.lock($0, for: nil, in: tx) }
        guard let hold = try tx.roomHold(id), hold.ending == nil else { return }
        if tx.now < hold.expiresAt {
            let expiring = RoomHoldExpiring(
                id: hold.id.rawValue, expiresAt: hold.expiresAt, secondsLeft: hold.expiresAt.seconds(since: tx.now))
            try tx.emit(expiring, to: PersonalChannel(user: hold.userID.rawValue))
            return try goOn(hold, tx)
        }
        // Whoever has taken room there since has cleared and told it.
        if let resource { try occupancy.clearExpired(on: resource, during: hold.interval, tx) }
        try HoldSteps(occupancy: occupancy).end(hold, .expired, tx)
    }
}
