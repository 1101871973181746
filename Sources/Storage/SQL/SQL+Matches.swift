extension SQL.Interpolation {
    /// True where one of the columns holds the words as they stand, whatever their case; always true for nil. `%` and `_` mean themselves.
    public mutating func appendInterpolation(matches words: String?, columns: [SQL]) {
        guard let words, !words.isEmpty else { return appendInterpolation("1 = 1" as SQL) }
        let escaped = words.lowercased().replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
        let pattern = "%\(escaped)%"
        appendInterpolation("(" as SQL)
        for (index, column) in columns.enumerated() {
            if index > 0 { appendInterpolation(" OR " as SQL) }
            appendInterpolation("LOWER(\(column)) LIKE \(pattern) ESCAPE '\\'" as SQL)
        }
        appendInterpolation(")" as SQL)
    }
}
