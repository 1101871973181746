import Core
import Synchronization
import Wire

/// The `Date` field (RFC 9110, section 6.6.1): its text changes once a second and is made once a second.
final class DateField: Sendable {
    private struct State {
        var second: Int64 = .min
        var text = ""
    }

    private let time: any TimeSource
    private let state = Mutex(State())

    init(time: any TimeSource) {
        self.time = time
    }

    var text: String {
        let second = time.now.microseconds / 1_000_000
        return state.withLock { state in
            if state.second != second { state = State(second: second, text: HTTPDate.text(second)) }
            return state.text
        }
    }
}
