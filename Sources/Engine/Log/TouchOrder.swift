/// Names in the order in which they were last touched. A touch costs the same however many names there are.
struct TouchOrder {
    private struct Touch {
        let name: String
        let stamp: UInt64
    }

    /// Every touch, those that a later one of the same name has made void included.
    private var touches: [Touch] = []
    private var head = 0
    private var stamps: [String: UInt64] = [:]
    private var lastStamp: UInt64 = 0

    var count: Int { stamps.count }

    /// Makes it the one touched last.
    mutating func touch(_ name: String) {
        lastStamp += 1
        stamps[name] = lastStamp
        touches.append(Touch(name: name, stamp: lastStamp))
        compact()
    }

    mutating func remove(_ name: String) {
        stamps[name] = nil
        compact()
    }

    /// The one untouched for longest.
    mutating func oldest() -> String? {
        while head < touches.count {
            let touch = touches[head]
            if stamps[touch.name] == touch.stamp { return touch.name }
            head += 1
        }
        return nil
    }

    /// Void touches are never more than those that count, give or take a few.
    private mutating func compact() {
        guard touches.count > 2 * stamps.count + 64 else { return }
        touches = touches[head...].filter { stamps[$0.name] == $0.stamp }
        head = 0
    }
}
