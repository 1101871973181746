import Booking
import Core
import Storage
import Wire

extension Snapshot {
    func venue(_ id: Venue.ID) throws -> Venue? {
        try first("SELECT * FROM venue WHERE id = \(id) AND deleted_at IS NULL")
    }

    func bookableVenue(_ id: Venue.ID) throws -> BookableVenue? {
        try first("SELECT * FROM venue WHERE id = \(id) AND deleted_at IS NULL")
    }

    /// In order of id, beginning after `cursor`.
    func venues(_ filter: ListVenues, limit: Int) throws -> [Venue] {
        try all(
            """
            SELECT * FROM venue
            WHERE deleted_at IS NULL AND id > \(filter.cursor ?? 0)
                AND \(equals: filter.status, column: "status") AND \(equals: filter.sportVenueID, column: "sport_venue_id")
                AND \(matches: filter.location, columns: ["location"]) AND \(matches: filter.query, columns: ["name", "location", "notice"])
            ORDER BY id LIMIT \(limit)
            """
        )
    }

    func hasParts(_ id: Venue.ID) throws -> Bool {
        let found: Int? = try value("SELECT 1 FROM venue WHERE parent_id = \(id) AND deleted_at IS NULL LIMIT 1")
        return found != nil
    }
}

extension Transaction {
    func insertVenue(_ request: CreateVenue, timeZone: String, resource: Resource.ID) throws -> Venue {
        try one(
            """
            INSERT INTO venue (resource_id, sport_venue_id, parent_id, name, location, capacity, is_exclusive, status, notice, time_zone,
                opening_hours, created_at, updated_at)
            VALUES (\(resource), \(request.sportVenueID), \(request.parentID), \(request.name), \(request.location ?? ""), \(request.capacity),
                \(request.exclusive ?? false), \(request.status ?? .open), \(request.notice ?? ""), \(timeZone),
                \(request.openingHours ?? .always), \(now), \(now))
            RETURNING *
            """
        )
    }

    func updateVenue(_ request: UpdateVenue) throws -> Venue {
        try one(
            """
            UPDATE venue SET name = COALESCE(\(request.name), name), location = COALESCE(\(request.location), location),
                capacity = COALESCE(\(request.capacity), capacity), status = COALESCE(\(request.status), status),
                notice = COALESCE(\(request.notice), notice), sport_venue_id = COALESCE(\(request.sportVenueID), sport_venue_id),
                opening_hours = COALESCE(\(request.openingHours), opening_hours), updated_at = \(now)
            WHERE id = \(request.id) RETURNING *
            """
        )
    }

    func markVenueDeleted(_ id: Venue.ID) throws {
        try execute("UPDATE venue SET deleted_at = \(now), updated_at = \(now), resource_id = NULL WHERE id = \(id)")
    }
}

extension SQL.StringInterpolation {
    /// True where the column has the value; always true for nil.
    mutating func appendInterpolation<Value: SQLConvertible>(equals value: Value?, column: SQL) {
        guard let value else { return appendInterpolation("1 = 1" as SQL) }
        appendInterpolation("\(column) = \(value)" as SQL)
    }
}
