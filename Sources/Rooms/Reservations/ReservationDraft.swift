import Booking
import Core
import Wire

/// What a new reservation says.
struct ReservationDraft {
    let owner: UserID
    let title: String
    let description: String?
    let isPrivate: Bool
    let interval: Interval
    /// Where it is one date of a series.
    var date: SeriesMembership?

    var claim: Claim { Claim(interval, kind: .reservation, owner: owner, label: isPrivate ? nil : title) }
}

/// What becomes of a reservation; what is nil stays as it is.
struct ReservationChange {
    var title: String?
    var description: String?
    var isPrivate: Bool?
    let interval: Interval
    var date: SeriesMembership?
    /// Whether it is otherwise than its series says, and so stays as it is when the series changes.
    var isException: Bool?
    /// Whether it is at another time than its series says, and so stays there when the clocks of its zone get other rules.
    var hasOwnTime: Bool?
    /// The release of the time zone data that moves it; nil where somebody does.
    var tzdata: String?
}

/// Which date of which series a reservation is.
struct SeriesMembership {
    let series: RoomSeries.ID
    /// What the rule says, also where the reservation has moved.
    let local: LocalDateTime
}
