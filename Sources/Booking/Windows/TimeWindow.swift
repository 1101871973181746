import Core
import Storage
import Wire

/// A fixed stretch of time on a resource that can be booked, with a capacity of its own, at most the resource's.
/// The gym's time slot is one.
public struct TimeWindow: Sendable {
    /// Also the id of the gym's time slot.
    public typealias ID = Identifier<TimeWindow>

    public let id: ID
    public let resourceID: Resource.ID
    public let interval: Interval
    public let capacity: Int

    public init(id: ID, resourceID: Resource.ID, interval: Interval, capacity: Int) {
        self.id = id
        self.resourceID = resourceID
        self.interval = interval
        self.capacity = capacity
    }
}

extension TimeWindow: RowDecodable {
    public init(row: Row) throws {
        id = try row["id"]
        resourceID = try row["resource_id"]
        interval = Interval(start: try row["starts_at"], end: try row["ends_at"])
        capacity = try row["capacity"]
    }
}
