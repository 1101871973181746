import Core
import Storage
import Wire

extension Snapshot {
    func sportVenue(_ id: SportVenue.ID) throws -> SportVenue? {
        try first("SELECT * FROM sport_venue WHERE id = \(id)")
    }

    /// In order of id, beginning after `cursor`.
    func sportVenues(_ filter: ListSportVenues, limit: Int) throws -> [SportVenue] {
        try all(
            """
            SELECT * FROM sport_venue
            WHERE id > \(filter.cursor ?? 0)
                AND \(matches: filter.type, columns: ["type"]) AND \(matches: filter.location, columns: ["location"])
                AND \(matches: filter.query, columns: ["name", "location", "type", "description"])
            ORDER BY id LIMIT \(limit)
            """
        )
    }

    func hasVenues(_ id: SportVenue.ID) throws -> Bool {
        let found: Int? = try value("SELECT 1 FROM venue WHERE sport_venue_id = \(id) AND deleted_at IS NULL LIMIT 1")
        return found != nil
    }
}

extension Transaction {
    /// Nobody changes it, removes it, or gives it venues until the transaction ends.
    func lockedSportVenue(_ id: SportVenue.ID) throws -> SportVenue? {
        try lock("SELECT id FROM sport_venue WHERE id = \(id)")
        return try sportVenue(id)
    }

    func insertSportVenue(_ request: CreateSportVenue) throws -> SportVenue {
        try one(
            """
            INSERT INTO sport_venue (name, location, type, description, opening_hours, created_at, updated_at)
            VALUES (\(request.name), \(request.location ?? ""), \(request.type ?? ""), \(request.description ?? ""),
                \(request.openingHours ?? .always), \(now), \(now))
            RETURNING *
            """
        )
    }

    func updateSportVenue(_ request: UpdateSportVenue) throws -> SportVenue? {
        try first(
            """
            UPDATE sport_venue SET name = COALESCE(\(request.name), name), location = COALESCE(\(request.location), location),
                type = COALESCE(\(request.type), type), description = COALESCE(\(request.description), description),
                opening_hours = COALESCE(\(request.openingHours), opening_hours), updated_at = \(now)
            WHERE id = \(request.id) RETURNING *
            """
        )
    }

    /// Venues that were removed earlier keep their rows, but no longer a centre.
    func deleteSportVenue(_ id: SportVenue.ID) throws {
        try execute("UPDATE venue SET sport_venue_id = NULL WHERE sport_venue_id = \(id) AND deleted_at IS NOT NULL")
        try execute("DELETE FROM sport_venue WHERE id = \(id)")
    }
}
