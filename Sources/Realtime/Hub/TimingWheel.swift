/// Something that is to happen at a second to come. Belongs to the event loop of the ``TimingWheel`` it is set in.
final class Alarm {
    fileprivate(set) var due: Int?
    fileprivate var slot = 0
    fileprivate var index = 0
    /// Called once when the alarm is due; it may set the alarm again.
    var action: (() -> Void)?
}

/// All timers of one event loop in one timer: setting, moving and cancelling cost the same however many there are.
///
/// Pure: the time, in whole seconds since any beginning, is handed in.
struct TimingWheel {
    /// Each second has a slot; an alarm further away stays in its slot for several turns of the wheel.
    private var slots: [[Alarm]]
    private(set) var now = 0

    init(slotCount: Int = 64) {
        slots = Array(repeating: [], count: slotCount)
    }

    /// Sets an alarm, or moves it. One that should already have gone off does so at the next second.
    mutating func set(_ alarm: Alarm, at second: Int) {
        cancel(alarm)
        let due = max(second, now + 1)
        alarm.due = due
        alarm.slot = due % slots.count
        alarm.index = slots[alarm.slot].count
        slots[alarm.slot].append(alarm)
    }

    mutating func cancel(_ alarm: Alarm) {
        guard alarm.due != nil else { return }
        alarm.due = nil
        let last = slots[alarm.slot].count - 1
        slots[alarm.slot].swapAt(alarm.index, last)
        slots[alarm.slot].removeLast()
        if alarm.index < last { slots[alarm.slot][alarm.index].index = alarm.index }
    }

    /// Moves the time on. Returns the alarms that are due, in the order of their seconds; each is off then.
    mutating func advance(to second: Int) -> [Alarm] {
        guard second > now else { return [] }
        var rung: [Alarm] = []
        // After a pause longer than a turn, one turn visits every slot.
        for step in max(now + 1, second - slots.count + 1)...second {
            let slot = step % slots.count
            for alarm in slots[slot] where (alarm.due ?? .max) <= second { rung.append(alarm) }
        }
        now = second
        for alarm in rung { cancel(alarm, keepingDue: true) }
        rung.sort { ($0.due ?? 0) < ($1.due ?? 0) }
        for alarm in rung { alarm.due = nil }
        return rung
    }

    private mutating func cancel(_ alarm: Alarm, keepingDue: Bool) {
        let due = alarm.due
        cancel(alarm)
        if keepingDue { alarm.due = due }
    }
}
