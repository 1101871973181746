import Accounts
import Booking
import Core
import Storage
import Wire

/// Gives back what a person has reserved when the account is deleted, and tells the staff where the name has gone, in the same commit.
public struct DepartedMembers: AccountObserver {
    private let occupancy: Occupancy
    private let cancellations: Cancellations

    public init(occupancy: Occupancy) {
        self.occupancy = occupancy
        cancellations = Cancellations(occupancy: occupancy)
    }

    public func accountWillBeDeleted(_ id: UserID, in tx: Transaction) throws {
        let candidates = try tx.standingReservations(of: id, endingAfter: tx.now)
        for venue in Set(candidates.map(\.detail.venueID)).sorted() {
            guard let place = try tx.bookableVenue(Venue.ID(venue)), let resource = try occupancy.lock(place.resourceID, for: nil, in: tx)
            else { continue }
            // Until the lock others could cancel them; new ones can't come, since the account is locked.
            let standing = try tx.standingReservations(of: id, endingAfter: tx.now).filter { $0.detail.venueID == venue }
            try cancellations.cancel(standing, because: .account, on: resource, in: tx)
        }
        // What is over stays in the calendars of the staff, without the name.
        try accountWillBeRenamed(id, to: id.nameOnceDeleted, in: tx)
    }

    /// One event for each venue, however much the person has reserved there.
    public func accountWillBeRenamed(_ id: UserID, to username: String, in tx: Transaction) throws {
        for venue in try tx.venuesWithStandingReservations(of: id) {
            try tx.emit(ReservationOwnerRenamed(userID: id.rawValue, username: username), to: VenueOperations(venue: venue.rawValue))
        }
    }
}
