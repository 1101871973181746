/// Durations as the configuration writes them: numbers with units, `1h30m`, `300s`, `1000ms`.
enum DurationText {
    /// Nil for anything else, for a fraction of a second, and for what no `Int` can hold.
    static func seconds(_ text: String) -> Int? {
        var rest = text.utf8[...]
        var milliseconds = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            rest = rest[unit.endIndex...]
            guard let count = Int(String(Substring(digits))), let factor = factors[String(Substring(unit))] else { return nil }
            let (product, isTooLong) = count.multipliedReportingOverflow(by: factor)
            let (sum, isLonger) = milliseconds.addingReportingOverflow(product)
            guard !isTooLong, !isLonger else { return nil }
            milliseconds = sum
        }
        return milliseconds.isMultiple(of: 1_000) ? milliseconds / 1_000 : nil
    }

    private static let factors = ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000]
}
