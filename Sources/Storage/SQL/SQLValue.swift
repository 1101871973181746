/// A value as the database keeps it: what a statement binds and what a row holds.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// Text that exists as its UTF-8 already and is bound as it lies. Rows give ``text(_:)`` back.
    case utf8([UInt8])
    case blob([UInt8])

    /// The kind of value, for messages: a value itself never goes into one.
    var kind: String {
        switch self {
        case .null: "null"
        case .integer: "integer"
        case .real: "real"
        case .text, .utf8: "text"
        case .blob: "blob"
        }
    }
}
