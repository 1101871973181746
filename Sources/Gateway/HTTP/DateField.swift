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
            if state.second != second { state = State(second: second, text: Self.format(second)) }
            return state.text
        }
    }

    /// IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func format(_ second: Int64) -> String {
        let day = Int(second / 86_400)
        let clock = Int(second % 86_400)
        let date = LocalDate(daysSinceEpoch: day)
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][date.weekday - 1]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let civil = date.civil
        return "\(weekday), \(two(civil.day)) \(months[civil.month - 1]) \(civil.year) "
            + "\(two(clock / 3_600)):\(two(clock / 60 % 60)):\(two(clock % 60)) GMT"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
