import Client
import Wire

/// A club that stands on a server: what is needed to play its bookings and to compare its calendars.
struct OpenClub: Sendable {
    struct Venue: Sendable {
        let id: Int64
        let calendar: CalendarSnapshot
    }

    struct Person: Sendable {
        let id: Int64
        let tokens: TokenSource
    }

    struct Booking: Sendable {
        let person: Int
        let slotID: Int64
    }

    let venues: [Venue]
    let people: [Person]
    /// In the order they are played.
    let bookings: [Booking]
    let days: ClosedRange<LocalDate>
}
