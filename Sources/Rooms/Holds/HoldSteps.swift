import Booking
import Core
import Storage
import Wire

/// How a hold ends: the row, the news for its holder, and the countdown that has nothing more to tell.
struct HoldSteps: Sendable {
    let occupancy: Occupancy

    /// - Parameter resource: that of the room, locked in this transaction.
    func release(_ hold: HoldRow, on resource: Resource, _ tx: Transaction) throws {
        try end(hold, .released, tx)
        try occupancy.release([hold.occupationID].compactMap(\.self), on: resource, tx)
    }

    /// - Parameter reservation: what the hold has become.
    func end(_ hold: HoldRow, _ ending: HoldRow.Ending, reservation: RoomReservation.ID? = nil, _ tx: Transaction) throws {
        try tx.markRoomHoldEnded(hold.id, ending)
        try tx.cancelJob(TellOfHold.key(of: hold.id))
        try tx.emit(
            RoomHoldEnded(id: hold.id.rawValue, ending: ending.rawValue, reservationID: reservation?.rawValue),
            to: PersonalChannel(user: hold.userID.rawValue)
        )
        try tx.audit("room_hold.\(ending.rawValue)", "room_hold:\(hold.id)", before: hold.detail)
    }
}
