import Booking
import Core
import Wire

/// Opens a stretch of a day for reservations.
struct CreateTimeSlot: Endpoint {
    static let operation = Operation(
        "gym.time-slots.create", .post, "/api/v1/venues/{venue_id}/reservation-time-slots", success: .created, access: .administrators,
        summary: "Open a time slot", aliases: [.init(.post, "/api/venues/{venue_id}/time-slots")]
    )
    typealias Response = TimeSlot

    var venueID: Venue.ID
    var date: LocalDate
    var startTime: LocalTime
    var endTime: LocalTime
    /// The venue's where absent.
    var capacity: Int?

    enum CodingKeys: String, CodingKey {
        case date, capacity
        case venueID = "venue_id"
        case startTime = "start_time"
        case endTime = "end_time"
    }

    func validate(_ check: inout Validation) {
        check("end_time", startTime < endTime, code: "range", detail: "must be after start_time")
        check("capacity", capacity, in: Resource.capacityRange)
    }
}

/// Lists the slots of a venue, all or those of some days.
struct ListTimeSlots: Endpoint {
    static let operation = Operation(
        "gym.time-slots.list", .get, "/api/v1/venues/{venue_id}/reservation-time-slots", access: .everyone,
        summary: "List a venue's time slots"
    )
    typealias Response = Page<TimeSlot>

    var venueID: Venue.ID
    var date: LocalDate?
    var startDate: LocalDate?
    var endDate: LocalDate?
    var cursor: Int64?
    var limit: Int?

    enum CodingKeys: String, CodingKey {
        case date, cursor, limit
        case venueID = "venue_id"
        case startDate = "start_date"
        case endDate = "end_date"
    }

    func validate(_ check: inout Validation) {
        check("cursor", cursor, in: 0...TimeSlot.ID.rawValueMax)
        check("limit", limit, in: Page<TimeSlot>.limitRange)
    }
}

/// Moves a slot or gives it another capacity; absent fields stay. What stands in it moves along and its people are told.
struct UpdateTimeSlot: Endpoint {
    static let operation = Operation(
        "gym.time-slots.update", .put, "/api/v1/venues/{venue_id}/reservation-time-slots/{time_slot_id}", access: .administrators,
        summary: "Change a time slot", aliases: [.init(.put, "/api/venues/{venue_id}/time-slots/{time_slot_id}")]
    )
    typealias Response = TimeSlot

    var venueID: Venue.ID
    var id: TimeSlot.ID
    var date: LocalDate?
    var startTime: LocalTime?
    var endTime: LocalTime?
    var capacity: Int?

    enum CodingKeys: String, CodingKey {
        case date, capacity
        case venueID = "venue_id"
        case id = "time_slot_id"
        case startTime = "start_time"
        case endTime = "end_time"
    }

    func validate(_ check: inout Validation) {
        check("capacity", capacity, in: Resource.capacityRange)
    }
}

/// Closes a slot for good and cancels what stands in it.
struct DeleteTimeSlot: Endpoint {
    static let operation = Operation(
        "gym.time-slots.delete", .delete, "/api/v1/venues/{venue_id}/reservation-time-slots/{time_slot_id}", success: .noContent,
        access: .administrators, summary: "Remove a time slot",
        aliases: [.init(.delete, "/api/venues/{venue_id}/time-slots/{time_slot_id}")]
    )
    typealias Response = NoContent

    var venueID: Venue.ID
    var id: TimeSlot.ID

    enum CodingKeys: String, CodingKey {
        case venueID = "venue_id"
        case id = "time_slot_id"
    }
}
