import Accounts
import Booking
import Core
import Storage
import Wire

/// Gives back what a person has reserved or holds when the account is deleted, and tells the staff where the name has gone, in the same
/// commit.
public struct DepartedEmployees: AccountObserver {
    private let occupancy: Occupancy

    public init(occupancy: Occupancy) {
        self.occupancy = occupancy
    }

    public func accountWillBeDeleted(_ id: UserID, in tx: Transaction) throws {
        try tx.deleteInvitations(of: id)
        try tx.deleteFeed(of: .person(id))
        let reservations = Dictionary(grouping: try tx.comingRoomReservations(of: id), by: \.roomID)
        let holds = Dictionary(grouping: try tx.standingRoomHolds(of: id), by: \.roomID)
        for room in Set(reservations.keys).union(holds.keys).sorted() {
            guard let resourceID = try tx.room(room)?.resourceID, let resource = try occupancy.lock(resourceID, for: nil, in: tx) else {
                continue
            }
            // Read again under the lock: some may have ended until then.
            let standing = try reservations[room, default: []].compactMap { try tx.roomReservation($0.id) }
                .filter { $0.occupationID != nil }
            try ReservationSteps(occupancy: occupancy).cancel(standing, on: resource, tx)
            for hold in try holds[room, default: []].compactMap({ try tx.roomHold($0.id) }) where hold.stands(at: tx.now) {
                try HoldSteps(occupancy: occupancy).release(hold, on: resource, tx)
            }
        }
        // What is over stays, without the name.
        try accountWillBeRenamed(id, to: id.nameOnceDeleted, in: tx)
    }

    /// One event for each room, however much the person has reserved there.
    public func accountWillBeRenamed(_ id: UserID, to username: String, in tx: Transaction) throws {
        for room in try tx.roomsReserved(by: id) {
            try tx.emit(ReservationOwnerRenamed(userID: id.rawValue, username: username), to: RoomOperations(room: room.rawValue))
        }
    }
}
