/// How figures are written for people.
enum FigureText {
    /// A figure that there is none of yet.
    static let none = "-"

    /// `1,234,567`.
    static func count(_ value: Double?) -> String {
        guard let value, value.isFinite, abs(value) < 1e15 else { return none }
        let digits = String(Int64(value.magnitude.rounded()))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    /// `0.5/s`, `1,234/s`.
    static func rate(_ value: Double?) -> String {
        guard let value else { return none }
        return (value > 0 && value < 10 ? tenths(value) : count(value)) + "/s"
    }

    /// `512 B`, `1.5 MB`; in steps of 1,000.
    static func bytes(_ value: Double?) -> String {
        scaled(value, by: 1_000, ["B", "kB", "MB", "GB", "TB"])
    }

    /// `250 µs`, `1.5 ms`, `2.0 s`.
    static func seconds(_ value: Double?) -> String {
        guard let value else { return none }
        if value == .infinity { return "longer" }
        return value >= 1 ? tenths(value) + " s" : scaled(value * 1_000_000, by: 1_000, ["µs", "ms"])
    }

    /// `3 d 04:05:06`.
    static func uptime(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, (0..<1e12).contains(seconds) else { return none }
        let whole = Int(seconds)
        let clock = [whole / 3_600 % 24, whole / 60 % 60, whole % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return whole >= 86_400 ? "\(whole / 86_400) d \(clock)" : clock
    }

    private static func scaled(_ value: Double?, by step: Double, _ units: [String]) -> String {
        guard var value, value.isFinite else { return none }
        var unit = 0
        while value >= step, unit < units.count - 1 {
            value /= step
            unit += 1
        }
        return (unit == 0 || value >= 100 ? count(value) : tenths(value)) + " " + units[unit]
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(count(Double(tenths / 10))).\(tenths % 10)"
    }
}
