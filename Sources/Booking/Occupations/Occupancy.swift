import Core
import Storage
import Wire

/// The booking core: the one place that takes room on a resource, gives it back, and tells what is left.
///
/// The invariant: for every resource and instant the units taken never exceed its capacity, and whoever has a resource excludes its
/// ancestors as a whole and all of its descendants. It is checked in `place` and nowhere else. On an engine with many
/// writers nothing read before ``lock(_:for:in:)`` may decide, because somebody else may change it in between.
public struct Occupancy: Sendable {
    public init() {}

    /// Locks a resource with all its relatives and the person whose room it shall be, and reads it.
    ///
    /// A part that is made while the lock is waited for is not locked. That does no harm: whoever takes the part locks the whole, too.
    ///
    /// - Returns: nil when it was removed meanwhile.
    public func lock(_ id: Resource.ID, for owner: UserID?, in tx: Transaction) throws -> Resource? {
        if let owner { try tx.lock("SELECT id FROM account WHERE id = \(owner)") }
        try tx.lockFamily(of: id)
        return try tx.resourceIfAny(id)
    }

    /// Takes room. The only function that does.
    ///
    /// - Parameters:
    ///   - resource: as ``lock(_:for:in:)`` gave it in this transaction.
    ///   - window: the window that is booked, if any; the claim is for all of its time, and its capacity counts beside the resource's.
    /// - Throws: ``NoRoomError`` with what stands in the way.
    public func take(_ claim: Claim, on resource: Resource, in window: TimeWindow?, _ tx: Transaction) throws -> Occupation.ID {
        if resource.hasExpiredOccupations(at: tx.now) { try clearExpired(on: resource, during: claim.interval, tx) }
        let (occupation, unitsFree) = try place(claim, on: resource, in: window, as: nil, tx)
        if let window {
            try tell(window, of: resource, unitsFree: unitsFree, tx)
        } else {
            try announce([claim.interval], on: resource, tx)
        }
        let relatives = try tx.relatives(of: resource)
        for relative in relatives { try announce([claim.interval], on: relative, tx) }
        try show(OccupationTaken(occupation: claim.calendarEntry(as: occupation)), on: [resource] + relatives, tx)
        return occupation
    }

    /// Gives what stands on a resource another time, kind, end or label, under the id it has, in one step: where the new time is not free
    /// everything stays as it was.
    ///
    /// - Parameter resource: as ``lock(_:for:in:)`` gave it in this transaction.
    /// - Throws: ``NoRoomError`` with what stands in the way, `StorageError.noRow` where the occupation does not stand any more.
    public func change(_ id: Occupation.ID, to claim: Claim, on resource: Resource, _ tx: Transaction) throws {
        guard let before = try tx.liftOccupation(id) else { throw StorageError.noRow }
        if resource.hasExpiredOccupations(at: tx.now) { try clearExpired(on: resource, during: claim.interval, tx) }
        _ = try place(claim, on: resource, in: nil, as: id, tx)
        let affected = try [resource] + tx.relatives(of: resource)
        for resource in affected { try announce([before.interval, claim.interval], on: resource, tx) }
        try show(OccupationChanged(occupation: claim.calendarEntry(as: id)), on: affected, tx)
    }

    /// Checks the invariant and takes the room: a new occupation, or (with an id) one that was lifted in this transaction to be moved.
    ///
    /// - Returns: the occupation, and how much is left of the window, or of the resource where no window is booked.
    func place(
        _ claim: Claim, on resource: Resource, in window: TimeWindow?, as id: Occupation.ID?, _ tx: Transaction
    ) throws -> (Occupation.ID, unitsFree: Int) {
        for relative in try tx.relatives(of: resource) where try tx.isOccupied(relative, during: claim.interval) {
            let standing = window == nil ? try tx.occupations(on: relative, overlapping: claim.interval) : []
            throw NoRoomError(reason: .relativeTaken, interval: claim.interval, unitsFree: 0, standing: standing.map(\.interval))
        }
        let unitsFree = try unitsFreeApartFromRelatives(in: window, of: resource, during: claim.interval, tx)
        guard claim.units <= unitsFree else {
            let standing = window == nil ? try tx.occupations(on: resource, overlapping: claim.interval) : []
            throw NoRoomError(reason: .full, interval: claim.interval, unitsFree: max(0, unitsFree), standing: standing.map(\.interval))
        }
        try tx.rememberLength(of: claim.interval, on: resource)
        return (try tx.insertOccupation(claim, on: resource, in: window?.id, as: id), unitsFree - claim.units)
    }

    /// Gives room back and tells, once for each window, what is left.
    public func release(_ occupations: [Occupation.ID], on resource: Resource, _ tx: Transaction) throws {
        try announce(freed: try occupations.compactMap { try tx.deleteOccupation($0) }, on: resource, tx)
    }

    /// Units that can still be taken in a window.
    public func unitsFree(in window: TimeWindow, of resource: Resource, _ snapshot: Snapshot) throws -> Int {
        for relative in try snapshot.relatives(of: resource) where try snapshot.isOccupied(relative, during: window.interval) { return 0 }
        return max(0, try unitsFreeApartFromRelatives(in: window, of: resource, during: window.interval, snapshot))
    }

    /// The same for many windows of one resource at once; where nothing but the windows themselves can take room it is one query.
    public func unitsFree(in windows: [TimeWindow], of resource: Resource, _ snapshot: Snapshot) throws -> [Int] {
        guard let first = windows.map(\.interval.start).min(), let last = windows.map(\.interval.end).max() else { return [] }
        guard try !resource.hasRelatives && !snapshot.hasOccupationOutsideWindows(on: resource) else {
            return try windows.map { try unitsFree(in: $0, of: resource, snapshot) }
        }
        let taken = try snapshot.unitsTakenByWindow(on: resource, Interval(start: first, end: last))
        return windows.map { max(0, $0.capacity - taken[$0.id, default: 0]) }
    }

    /// What stands in a window takes all of its time, and windows of one resource do not overlap. So beside the window's own units only
    /// those can matter that were taken without any window.
    private func unitsFreeApartFromRelatives(
        in window: TimeWindow?, of resource: Resource, during interval: Interval, _ snapshot: Snapshot
    ) throws -> Int {
        guard let window else {
            return resource.capacity - peakUnits(of: try snapshot.occupations(on: resource, overlapping: interval))
        }
        let usage = try snapshot.usage(of: window.id, on: resource.id)
        let others = usage.hasOthers ? try snapshot.occupationsOutsideWindows(on: resource, overlapping: interval) : []
        return min(window.capacity, resource.capacity - peakUnits(of: others)) - usage.unitsTaken
    }

    /// Tells everybody who watches the resource or a relative of it that room was given back.
    func announce(freed occupations: [Occupation], on resource: Resource, _ tx: Transaction) throws {
        let affected = try [resource] + tx.relatives(of: resource)
        for resource in affected { try announce(occupations.map(\.interval), on: resource, tx) }
        for occupation in occupations { try show(OccupationFreed(id: occupation.id.rawValue), on: affected, tx) }
    }

    /// Tells the watchers of every window of a resource that a change at these times touches, each once.
    func announce(_ intervals: [Interval], on resource: Resource, _ tx: Transaction) throws {
        guard !resource.showsOccupations else { return }
        var announced: Set<TimeWindow.ID> = []
        for interval in intervals {
            for window in try tx.timeWindows(of: resource.id, overlapping: interval) where announced.insert(window.id).inserted {
                try tell(window, of: resource, unitsFree: try unitsFree(in: window, of: resource, tx), tx)
            }
        }
    }

    private func show(_ event: some Event, on resources: [Resource], _ tx: Transaction) throws {
        for resource in resources where resource.showsOccupations {
            try tx.emit(event, to: resource.calendarChannel, resource.operationsChannel)
        }
    }

    private func tell(_ window: TimeWindow, of resource: Resource, unitsFree: Int, _ tx: Transaction) throws {
        let event = OccupancyChanged(
            timeSlotID: window.id.rawValue, startsAt: window.interval.start, endsAt: window.interval.end, capacity: window.capacity,
            unitsFree: unitsFree
        )
        try tx.emit(event, to: resource.calendarChannel, resource.operationsChannel)
    }
}

/// The most units that a set of occupations takes at any one instant.
///
/// Room is given back before it is taken at the same instant: intervals are half-open.
func peakUnits(of occupations: [Occupation]) -> Int {
    guard occupations.count > 1 else { return occupations.first?.units ?? 0 }
    let changes = occupations.flatMap { [($0.interval.start, $0.units), ($0.interval.end, -$0.units)] }
        .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    var units = 0
    var peak = 0
    for (_, change) in changes {
        units += change
        peak = max(peak, units)
    }
    return peak
}
