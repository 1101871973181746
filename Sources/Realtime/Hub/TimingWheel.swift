/// Something that is to happen at a second to come. Belongs to the event loop of the ``TimingWheel`` it is set in.
final class Alarm {
    fileprivate(set) var due: Int?
    fileprivate var slot = 0
    fileprivate var index = 0
    /// Called once when the alarm rings; it may set the alarm again.
    var action: (() -> Void)?
}

/// All timers of one event loop in one timer: setting, moving and cancelling cost the same however many there are.
///
/// Pure: the time, in whole seconds since any beginning, is handed in.
struct TimingWheel {
    /// One for each second of a turn, and one more for the alarms that ring. An alarm further away stays in its slot for several turns.
    private var slots: [[Alarm]]
    private(set) var now = 0

    private var secondsPerTurn: Int { slots.count - 1 }
    private var ringing: Int { slots.count - 1 }

    init(secondsPerTurn: Int = 64) {
        slots = Array(repeating: [], count: secondsPerTurn + 1)
    }

    /// Sets an alarm, or moves it. One that should have rung already does so at the next second.
    mutating func set(_ alarm: Alarm, at second: Int) {
        cancel(alarm)
        let due = max(second, now + 1)
        alarm.due = due
        put(alarm, in: due % secondsPerTurn)
    }

    /// An alarm that rings but was not taken by ``nextRinging()`` yet does not ring after this either.
    mutating func cancel(_ alarm: Alarm) {
        guard alarm.due != nil else { return }
        alarm.due = nil
        takeOut(alarm)
    }

    /// Moves the time on. What is due rings then, see ``nextRinging()``.
    mutating func advance(to second: Int) {
        guard second > now else { return }
        // After a pause longer than a turn, one turn visits every slot.
        for step in max(now + 1, second - secondsPerTurn + 1)...second {
            for alarm in slots[step % secondsPerTurn] where (alarm.due ?? .max) <= second {
                takeOut(alarm)
                put(alarm, in: ringing)
            }
        }
        now = second
    }

    /// One alarm after the other, in no particular order, until nothing rings any more.
    mutating func nextRinging() -> Alarm? {
        guard let alarm = slots[ringing].last else { return nil }
        cancel(alarm)
        return alarm
    }

    private mutating func put(_ alarm: Alarm, in slot: Int) {
        alarm.slot = slot
        alarm.index = slots[slot].count
        slots[slot].append(alarm)
    }

    private mutating func takeOut(_ alarm: Alarm) {
        let last = slots[alarm.slot].count - 1
        slots[alarm.slot].swapAt(alarm.index, last)
        slots[alarm.slot].removeLast()
        if alarm.index < last { slots[alarm.slot][alarm.index].index = alarm.index }
    }
}
