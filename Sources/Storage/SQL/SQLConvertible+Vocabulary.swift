import Core
import Wire

/// Microseconds since 1970 in a `BIGINT`, in every engine.
extension Instant: SQLConvertible {
    public var sqlValue: SQLValue { .integer(microseconds) }

    public init(sqlValue: SQLValue) throws {
        self.init(microseconds: try Int64(sqlValue: sqlValue))
    }
}

/// `2026-07-01`, which sorts as the days do.
extension LocalDate: SQLConvertible {
    public var sqlValue: SQLValue { .text(description) }

    public init(sqlValue: SQLValue) throws {
        guard let date = LocalDate(try String(sqlValue: sqlValue)) else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = date
    }
}

/// `09:00`, which sorts as the times of a day do.
extension LocalTime: SQLConvertible {
    public var sqlValue: SQLValue { .text(description) }

    public init(sqlValue: SQLValue) throws {
        guard let time = LocalTime(try String(sqlValue: sqlValue)) else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = time
    }
}

/// `2026-07-01T09:00:00`, which sorts as the times do.
extension LocalDateTime: SQLConvertible {
    public var sqlValue: SQLValue { .text(description) }

    public init(sqlValue: SQLValue) throws {
        guard let local = LocalDateTime(try String(sqlValue: sqlValue)) else { throw StorageError.mismatch(Self.self, sqlValue) }
        self = local
    }
}

extension Identifier: SQLConvertible {}

/// JSON text as it is.
extension RawJSON: SQLConvertible {
    public var sqlValue: SQLValue { .utf8(bytes) }

    public init(sqlValue: SQLValue) throws {
        self.init(try String(sqlValue: sqlValue))
    }
}
