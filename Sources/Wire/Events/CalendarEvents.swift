/// A slot as a calendar shows it: when, and how much room is left. It names nobody.
public struct CalendarSlot: Codable, Hashable, Sendable {
    public let id: Int64
    /// The day on the venue's wall calendar.
    public let date: LocalDate
    public let startTime: LocalTime
    public let endTime: LocalTime
    public let startsAt: Instant
    public let endsAt: Instant
    public let capacity: Int
    public let unitsFree: Int

    public init(
        id: Int64, date: LocalDate, startTime: LocalTime, endTime: LocalTime, startsAt: Instant, endsAt: Instant, capacity: Int,
        unitsFree: Int
    ) {
        self.id = id
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.capacity = capacity
        self.unitsFree = unitsFree
    }

    /// The same slot with other room left.
    public func with(unitsFree: Int, capacity: Int) -> CalendarSlot {
        CalendarSlot(
            id: id, date: date, startTime: startTime, endTime: endTime, startsAt: startsAt, endsAt: endsAt, capacity: capacity,
            unitsFree: unitsFree
        )
    }

    enum CodingKeys: String, CodingKey {
        case id, date, capacity
        case startTime = "start_time"
        case endTime = "end_time"
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case unitsFree = "units_free"
    }
}

/// A slot can be booked from now on.
public struct SlotCreated: Event, Hashable {
    public static let type = "slot.created"
    public let slot: CalendarSlot

    public init(slot: CalendarSlot) { self.slot = slot }
}

/// A slot has moved or has another capacity; `slot` is the whole of it.
public struct SlotChanged: Event, Hashable {
    public static let type = "slot.changed"
    public let slot: CalendarSlot

    public init(slot: CalendarSlot) { self.slot = slot }
}

/// A slot is gone.
public struct SlotRemoved: Event, Hashable {
    public static let type = "slot.removed"
    public let id: Int64

    public init(id: Int64) { self.id = id }
}

/// More or less room is left in a slot.
public struct OccupancyChanged: Event, Hashable {
    public static let type = "occupancy.changed"
    public let timeSlotID: Int64
    public let startsAt: Instant
    public let endsAt: Instant
    public let capacity: Int
    public let unitsFree: Int

    public init(timeSlotID: Int64, startsAt: Instant, endsAt: Instant, capacity: Int, unitsFree: Int) {
        self.timeSlotID = timeSlotID
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.capacity = capacity
        self.unitsFree = unitsFree
    }

    enum CodingKeys: String, CodingKey {
        case capacity
        case timeSlotID = "time_slot_id"
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case unitsFree = "units_free"
    }
}

/// Name, notice or status of a venue have changed; a venue that is not `open` takes no reservations.
public struct VenueChanged: Event, Hashable {
    public static let type = "venue.changed"
    public let venueID: Int64
    public let name: String
    public let status: String
    public let notice: String

    public init(venueID: Int64, name: String, status: String, notice: String) {
        self.venueID = venueID
        self.name = name
        self.status = status
        self.notice = notice
    }

    enum CodingKeys: String, CodingKey {
        case name, status, notice
        case venueID = "venue_id"
    }
}

/// A venue is gone and so are its slots.
public struct VenueRemoved: Event, Hashable {
    public static let type = "venue.removed"
    public let venueID: Int64

    public init(venueID: Int64) { self.venueID = venueID }

    enum CodingKeys: String, CodingKey {
        case venueID = "venue_id"
    }
}
