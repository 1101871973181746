/// A type that a statement can bind and a row can give back. An enum with raw values only declares that it conforms.
public protocol SQLConvertible: Sendable {
    /// What is bound.
    var sqlValue: SQLValue { get }

    /// - Throws: ``StorageError/typeMismatch(expected:found:)`` when the column holds something else.
    init(sqlValue: SQLValue) throws
}

extension SQLConvertible where Self: RawRepresentable, RawValue: SQLConvertible {
    public var sqlValue: SQLValue { rawValue.sqlValue }

    public init(sqlValue: SQLValue) throws {
        guard let value = Self(rawValue: try RawValue(sqlValue: sqlValue)) else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = value
    }
}

extension Int64: SQLConvertible {
    public var sqlValue: SQLValue { .integer(self) }

    public init(sqlValue: SQLValue) throws {
        guard case .integer(let value) = sqlValue else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = value
    }
}

extension Int: SQLConvertible {
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    public init(sqlValue: SQLValue) throws {
        guard case .integer(let value) = sqlValue, let exact = Int(exactly: value) else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = exact
    }
}

/// For offsets. Databases have no unsigned integers: what exceeds `Int64.max` is bound as `Int64.max`, which no offset ever reaches.
extension UInt64: SQLConvertible {
    public var sqlValue: SQLValue { .integer(Int64(clamping: self)) }

    public init(sqlValue: SQLValue) throws {
        guard case .integer(let value) = sqlValue, let exact = UInt64(exactly: value) else {
            throw StorageError.mismatch(Self.self, sqlValue)
        }
        self = exact
    }
}

/// Kept as 0 and 1.
extension Bool: SQLConvertible {
    public var sqlValue: SQLValue { .integer(self ? 1 : 0) }

    public init(sqlValue: SQLValue) throws {
        switch sqlValue {
        case .integer(0): self = false
        case .integer(1): self = true
        default: throw StorageError.mismatch(Self.self, sqlValue)
        }
    }
}

extension Double: SQLConvertible {
    public var sqlValue: SQLValue { .real(self) }

    public init(sqlValue: SQLValue) throws {
        switch sqlValue {
        case .real(let value): self = value
        case .integer(let value): self = Double(value)
        default: throw StorageError.mismatch(Self.self, sqlValue)
        }
    }
}

/// Text without the character NUL, which a database can't keep: a statement that binds one is refused with `ValidationError`.
extension String: SQLConvertible {
    public var sqlValue: SQLValue { .text(self) }

    public init(sqlValue: SQLValue) throws {
        guard case .text(let value) = sqlValue else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = value
    }
}

extension [UInt8]: SQLConvertible {
    public var sqlValue: SQLValue { .blob(self) }

    public init(sqlValue: SQLValue) throws {
        guard case .blob(let value) = sqlValue else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = value
    }
}
