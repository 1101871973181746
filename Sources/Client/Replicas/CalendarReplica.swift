import Wire

/// A venue's calendar rebuilt from a snapshot and the events since: it must always equal a fresh snapshot.
public struct CalendarReplica: Hashable, Sendable {
    public private(set) var slots: [Int64: CalendarSlot]
    public private(set) var status: String
    public private(set) var isRemoved = false

    public init(_ snapshot: CalendarSnapshot) {
        slots = Dictionary(snapshot.slots.map { ($0.id, $0) }) { _, last in last }
        status = snapshot.status
    }

    public mutating func apply(_ event: CalendarEvent) {
        switch event {
        case .slotCreated(let created): slots[created.slot.id] = created.slot
        case .slotChanged(let changed): slots[changed.slot.id] = changed.slot
        case .slotRemoved(let removed): slots[removed.id] = nil
        case .occupancyChanged(let changed):
            // A slot outside of the snapshot's days is not ours to keep.
            slots[changed.timeSlotID] = slots[changed.timeSlotID]?.with(unitsFree: changed.unitsFree, capacity: changed.capacity)
        case .venueChanged(let changed): status = changed.status
        case .venueRemoved:
            slots = [:]
            isRemoved = true
        case .unknown: break
        }
    }
}
