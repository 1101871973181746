import Core
import Wire

/// How HTTP spells an instant (RFC 9110, section 5.6.7).
public enum HTTPDate {
    /// In whole seconds, the last one that had begun.
    public static func text(of instant: Instant) -> String { text(instant.microseconds / 1_000_000) }

    /// IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(_ second: Int64) -> String {
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
