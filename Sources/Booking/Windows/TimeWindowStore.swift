import Core
import Storage
import Wire

extension Snapshot {
    /// Nil when there is none (any more).
    public func timeWindow(_ id: TimeWindow.ID) throws -> TimeWindow? {
        try first("SELECT id, resource_id, starts_at, ends_at, capacity FROM time_window WHERE id = \(id)")
    }

    /// The windows of a resource that overlap an interval, in order of time. Windows of one resource never overlap each other, so the
    /// first that may still reach into the interval is the last one to begin before it.
    public func timeWindows(of resource: Resource.ID, overlapping interval: Interval) throws -> [TimeWindow] {
        try all(
            """
            SELECT id, resource_id, starts_at, ends_at, capacity FROM time_window
            WHERE resource_id = \(resource) AND starts_at < \(interval.end) AND ends_at > \(interval.start)
                AND starts_at >= COALESCE((
                    SELECT MAX(starts_at) FROM time_window WHERE resource_id = \(resource) AND starts_at <= \(interval.start)
                ), \(interval.start))
            ORDER BY starts_at
            """
        )
    }

    func timeWindows(of resource: Resource.ID) throws -> [TimeWindow] {
        try all("SELECT id, resource_id, starts_at, ends_at, capacity FROM time_window WHERE resource_id = \(resource) ORDER BY starts_at")
    }
}

extension Transaction {
    func insertTimeWindow(on resource: Resource.ID, _ interval: Interval, capacity: Int) throws -> TimeWindow {
        try one(
            """
            INSERT INTO time_window (resource_id, starts_at, ends_at, capacity)
            VALUES (\(resource), \(interval.start), \(interval.end), \(capacity))
            RETURNING id, resource_id, starts_at, ends_at, capacity
            """
        )
    }

    func updateTimeWindow(_ id: TimeWindow.ID, _ interval: Interval, capacity: Int) throws {
        try execute(
            "UPDATE time_window SET starts_at = \(interval.start), ends_at = \(interval.end), capacity = \(capacity) WHERE id = \(id)"
        )
    }

    func deleteTimeWindow(_ id: TimeWindow.ID) throws {
        try execute("DELETE FROM time_window WHERE id = \(id)")
    }
}
