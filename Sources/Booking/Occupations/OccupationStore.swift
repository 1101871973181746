import Core
import Storage
import Wire

/// What has expired is free at that very moment, whether or not anything has cleared the row.
private func live(at now: Instant) -> SQL { "(expires_at IS NULL OR expires_at > \(now))" }

private let columns: SQL = "id, resource_id, window_id, starts_at, ends_at, units, kind, owner_id, expires_at, label"

/// How much of a window is taken.
struct WindowUsage: RowDecodable {
    let unitsTaken: Int
    /// Whether anything, at whatever time, stands on the window's resource without any window.
    let hasOthers: Bool

    init(row: Row) throws {
        unitsTaken = try row["units_taken"]
        hasOthers = try row["has_others"]
    }
}

extension Snapshot {
    /// Everything that takes room on a resource at some time of an interval, in order of time.
    public func occupations(on resource: Resource, overlapping interval: Interval) throws -> [Occupation] {
        try all(
            """
            SELECT \(columns) FROM occupation
            WHERE resource_id = \(resource.id) AND starts_at < \(interval.end)
                AND starts_at > \(Instant(microseconds: interval.start.microseconds - resource.longestOccupation))
                AND ends_at > \(interval.start) AND \(live(at: now))
            ORDER BY starts_at, id
            """
        )
    }

    /// What takes room on a resource from an instant on, the soonest first.
    public func occupations(on resource: Resource, endingAfter instant: Instant, limit: Int) throws -> [Occupation] {
        try all(
            """
            SELECT \(columns) FROM occupation
            WHERE resource_id = \(resource.id) AND starts_at > \(Instant(microseconds: instant.microseconds - resource.longestOccupation))
                AND ends_at > \(instant) AND \(live(at: now))
            ORDER BY starts_at, id LIMIT \(limit)
            """
        )
    }

    func isOccupied(_ resource: Resource, during interval: Interval) throws -> Bool {
        let found: Int? = try value(
            """
            SELECT 1 FROM occupation
            WHERE resource_id = \(resource.id) AND starts_at < \(interval.end)
                AND starts_at > \(Instant(microseconds: interval.start.microseconds - resource.longestOccupation))
                AND ends_at > \(interval.start) AND \(live(at: now))
            LIMIT 1
            """
        )
        return found != nil
    }

    /// Units taken in a window.
    func unitsTaken(in window: TimeWindow.ID) throws -> Int {
        try value("SELECT COALESCE(SUM(units), 0) FROM occupation WHERE window_id = \(window) AND \(live(at: now))") ?? 0
    }

    /// What there is to know of a window before room in it is taken.
    func usage(of window: TimeWindow.ID, on resource: Resource.ID) throws -> WindowUsage {
        try one(
            """
            SELECT (SELECT COALESCE(SUM(units), 0) FROM occupation WHERE window_id = \(window) AND \(live(at: now))) AS units_taken,
                EXISTS (SELECT 1 FROM occupation WHERE resource_id = \(resource) AND window_id IS NULL) AS has_others
            """
        )
    }

    /// Units taken in the windows of a resource; windows without any are left out.
    func unitsTakenByWindow(on resource: Resource, _ interval: Interval) throws -> [TimeWindow.ID: Int] {
        let rows: [Row] = try all(
            """
            SELECT window_id, SUM(units) AS units FROM occupation
            WHERE resource_id = \(resource.id) AND window_id IS NOT NULL AND starts_at >= \(interval.start) AND starts_at < \(interval.end)
                AND \(live(at: now))
            GROUP BY window_id
            """
        )
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0["window_id"] as TimeWindow.ID, try $0["units"] as Int) })
    }

    /// A resource on which something has expired.
    func resourceWithExpiredOccupations() throws -> Resource.ID? {
        try value("SELECT resource_id FROM occupation WHERE expires_at IS NOT NULL AND expires_at <= \(now) LIMIT 1")
    }

    func hasOccupationOutsideWindows(on resource: Resource) throws -> Bool {
        let found: Int? = try value("SELECT 1 FROM occupation WHERE resource_id = \(resource.id) AND window_id IS NULL LIMIT 1")
        return found != nil
    }

    /// Everything that takes room on a resource at some time of an interval without any window.
    func occupationsOutsideWindows(on resource: Resource, overlapping interval: Interval) throws -> [Occupation] {
        try all(
            """
            SELECT \(columns) FROM occupation
            WHERE resource_id = \(resource.id) AND window_id IS NULL AND starts_at < \(interval.end)
                AND starts_at > \(Instant(microseconds: interval.start.microseconds - resource.longestOccupation))
                AND ends_at > \(interval.start) AND \(live(at: now))
            """
        )
    }

    /// Whether a person has taken anything, on whatever resource, at some time of an interval.
    public func hasOccupation(of owner: UserID, overlapping interval: Interval) throws -> Bool {
        try value("SELECT \(SQL.hasOccupation(of: owner, from: "\(interval.start)", to: "\(interval.end)", at: now))") ?? false
    }
}

extension SQL {
    /// The condition that a person has taken anything, on whatever resource, between two instants.
    public static func hasOccupation(of owner: UserID, from start: SQL, to end: SQL, at now: Instant) -> SQL {
        """
        EXISTS (
            SELECT 1 FROM occupation WHERE owner_id = \(owner) AND starts_at < \(end) AND ends_at > \(start) AND \(live(at: now))
        )
        """
    }

    /// The condition that something takes room on the resource that a column names, at some time of an interval.
    public static func isOccupied(_ resource: SQL, during interval: Interval, at now: Instant) -> SQL {
        """
        EXISTS (
            SELECT 1 FROM occupation
            WHERE resource_id = \(resource) AND starts_at < \(interval.end) AND ends_at > \(interval.start) AND \(live(at: now))
        )
        """
    }
}

extension Transaction {
    /// - Throws: ``NoRoomError`` where the schema sees what no check has seen: an exclusive resource has two owners.
    func insertOccupation(
        _ claim: Claim, on resource: Resource, in window: TimeWindow.ID?, as id: Occupation.ID?
    ) throws -> Occupation.ID {
        let members: SQL = "resource_id, window_id, starts_at, ends_at, units, kind, owner_id, expires_at, label, is_exclusive"
        let values: SQL = """
            \(resource.id), \(window), \(claim.interval.start), \(claim.interval.end), \(claim.units), \(claim.kind), \(claim.owner),
            \(claim.expiresAt), \(claim.label), \(resource.isExclusive)
            """
        do {
            guard let id else { return Occupation.ID(try insert("INSERT INTO occupation (\(members)) VALUES (\(values))")) }
            try execute("INSERT INTO occupation (id, \(members)) VALUES (\(id), \(values))")
            return id
        } catch StorageError.unique(BookingMigrations.exclusiveOwner) {
            throw NoRoomError(reason: .full, interval: claim.interval, unitsFree: 0)
        }
    }

    /// Clears what has expired on a resource, the oldest first, and all of it in an interval.
    ///
    /// - Returns: what was cleared.
    func deleteExpiredOccupations(on resource: Resource.ID, during interval: Interval?, max: Int) throws -> [Occupation] {
        let inTheWay: SQL = interval.map { "starts_at < \($0.end) AND ends_at > \($0.start)" } ?? "1 = 0"
        return try all(
            """
            DELETE FROM occupation WHERE resource_id = \(resource) AND expires_at <= \(now) AND (id IN (
                SELECT id FROM occupation WHERE resource_id = \(resource) AND expires_at <= \(now) ORDER BY expires_at LIMIT \(max)
            ) OR \(inTheWay))
            RETURNING \(columns)
            """
        )
    }

    /// - Returns: what stood there; nil where nothing did.
    func deleteOccupation(_ id: Occupation.ID) throws -> Occupation? {
        try first("DELETE FROM occupation WHERE id = \(id) RETURNING \(columns)")
    }

    /// Takes out one that still takes room, to be placed again.
    func liftOccupation(_ id: Occupation.ID) throws -> Occupation? {
        try first("DELETE FROM occupation WHERE id = \(id) AND \(live(at: now)) RETURNING \(columns)")
    }

    /// Expired ones, too.
    func deleteOccupations(of window: TimeWindow.ID) throws {
        try execute("DELETE FROM occupation WHERE window_id = \(window)")
    }

    /// Takes everything out of a window, to be placed again at another time.
    func liftOccupations(of window: TimeWindow.ID) throws -> [Occupation] {
        try all("DELETE FROM occupation WHERE window_id = \(window) AND \(live(at: now)) RETURNING \(columns)")
    }
}
