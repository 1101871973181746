/// A statement by interpolation: every interpolated value becomes a binding, never text, so no value can change what the statement does.
///
///     let rows: [Venue] = try tx.all("SELECT * FROM venue WHERE sport_venue_id = \(id) AND status IN \(list: states)")
///
/// Text can only come from literals in the source. The parts stay apart until an engine renders them, since each has its own placeholders; a
/// `?` or `$1` in a literal part is not one.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    var text: StatementText
    var values: [SQLValue]

    public init(stringLiteral literal: StaticString) {
        text = StatementText(capacity: 1)
        text.append(literal)
        values = []
    }

    public init(stringInterpolation interpolation: Interpolation) {
        text = interpolation.text
        values = interpolation.values
    }

    /// Collects the parts of a literal.
    public struct Interpolation: StringInterpolationProtocol {
        var text: StatementText
        var values: [SQLValue] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text = StatementText(capacity: 2 * interpolationCount + 1)
            values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            text.append(literal)
        }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some SQLConvertible) {
            bind(value.sqlValue)
        }

        /// Binds a value, or null where there is none. (`= NULL` is never true: write `IS \(value)` where null has to match.)
        public mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value?) {
            bind(value?.sqlValue ?? .null)
        }

        /// Puts another statement's parts here: a condition or an order that is chosen at run time.
        public mutating func appendInterpolation(_ sql: SQL) {
            text.append(sql.text)
            values.append(contentsOf: sql.values)
        }

        /// Binds every element: `(?, ?, ?)`, for `IN`. An empty list is `(NULL)`: neither `IN` nor `NOT IN` is true of it.
        public mutating func appendInterpolation(list elements: some Collection<some SQLConvertible>) {
            guard !elements.isEmpty else { return appendLiteral("(NULL)") }
            var separator: StaticString = "("
            for element in elements {
                appendLiteral(separator)
                bind(element.sqlValue)
                separator = ", "
            }
            appendLiteral(")")
        }

        private mutating func bind(_ value: SQLValue) {
            values.append(value)
            text.appendPlaceholder()
        }
    }
}
