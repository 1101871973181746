import Core
import Storage
import Wire

/// Opens, moves and closes the fixed windows of resources. Windows of one resource never overlap.
public struct Windows: Sendable {
    private let occupancy: Occupancy

    public init(occupancy: Occupancy) {
        self.occupancy = occupancy
    }

    /// - Parameter resource: as ``Occupancy/lock(_:for:in:)`` gave it in this transaction.
    /// - Throws: ``WindowOverlapError``, ``ResourceError/capacityInUse`` where the window asks for more than the resource has.
    public func open(_ interval: Interval, capacity: Int, on resource: Resource, _ tx: Transaction) throws -> TimeWindow {
        try refuseOverlap(interval, on: resource.id, except: nil, tx)
        return try tx.insertTimeWindow(on: resource.id, interval, capacity: min(capacity, resource.capacity))
    }

    /// Moves a window with everything that stands in it, or gives it another capacity.
    ///
    /// - Throws: ``WindowOverlapError``, ``ResourceError/capacityInUse``, ``NoRoomError`` where the family is taken at the new time.
    public func change(_ window: TimeWindow, to interval: Interval, capacity: Int, on resource: Resource, _ tx: Transaction) throws {
        try refuseOverlap(interval, on: resource.id, except: window.id, tx)
        let capacity = min(capacity, resource.capacity)
        guard try tx.unitsTaken(in: window.id) <= capacity else { throw ResourceError.capacityInUse }
        try tx.updateTimeWindow(window.id, interval, capacity: capacity)
        guard interval != window.interval else { return }
        if resource.isExclusive, resource.hasExpiredOccupations(at: tx.now) {
            try occupancy.clearExpired(on: resource, during: interval, tx)
        }
        let changed = TimeWindow(id: window.id, resourceID: resource.id, interval: interval, capacity: capacity)
        for occupation in try tx.liftOccupations(of: window.id) {
            let claim = Claim(
                interval, units: occupation.units, kind: occupation.kind, owner: occupation.ownerID, expiresAt: occupation.expiresAt
            )
            _ = try occupancy.place(claim, on: resource, in: changed, as: occupation.id, tx)
        }
        for relative in try tx.relatives(of: resource) { try occupancy.announce([window.interval, interval], on: relative, tx) }
    }

    /// Gives a resource another capacity. Windows that would have more than it keep no more than it has.
    ///
    /// - Returns: the windows that have another capacity now.
    /// - Throws: ``ResourceError/capacityInUse`` where more is taken already.
    public func changeCapacity(of resource: Resource, to capacity: Int, _ tx: Transaction) throws -> [TimeWindow] {
        try tx.setCapacity(capacity, isExclusive: resource.isExclusive, of: resource.id)
        var changed: [TimeWindow] = []
        for window in try tx.timeWindows(of: resource.id) where window.capacity > capacity && window.interval.end > tx.now {
            guard try tx.unitsTaken(in: window.id) <= capacity else { throw ResourceError.capacityInUse }
            try tx.updateTimeWindow(window.id, window.interval, capacity: capacity)
            changed.append(TimeWindow(id: window.id, resourceID: resource.id, interval: window.interval, capacity: capacity))
        }
        return changed
    }

    /// Closes a window. Whoever booked it has been told; what was merely held there ends with it.
    public func close(_ window: TimeWindow, on resource: Resource, _ tx: Transaction) throws {
        try tx.deleteOccupations(of: window.id)
        try tx.deleteTimeWindow(window.id)
        for relative in try tx.relatives(of: resource) { try occupancy.announce([window.interval], on: relative, tx) }
    }

    private func refuseOverlap(_ interval: Interval, on resource: Resource.ID, except id: TimeWindow.ID?, _ tx: Transaction) throws {
        let others = try tx.timeWindows(of: resource, overlapping: interval).filter { $0.id != id }
        guard others.isEmpty else { throw WindowOverlapError(others.map(\.interval)) }
    }
}

/// A window would overlap others of the same resource.
public struct WindowOverlapError: DomainError {
    private let intervals: [Interval]

    init(_ intervals: [Interval]) { self.intervals = intervals }

    public var code: String { "booking.window_overlap" }
    public var kind: ErrorKind { .conflict }
    public var detail: String { "There is another slot at that time." }

    public var conflicts: [ConflictDetail] {
        intervals.prefix(20).map { ConflictDetail(reason: "overlap", start: $0.start.rfc3339, end: $0.end.rfc3339) }
    }
}
