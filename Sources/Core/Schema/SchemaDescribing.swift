import Wire

/// A type that says its own shape, because its decoding shows less than it accepts or refuses most texts.
public protocol SchemaDescribing {
    /// Its ``Schema/example`` must be a text that the type accepts, where it is read from a text.
    static var schema: Schema { get }
}

extension Instant: SchemaDescribing {
    public static var schema: Schema { Schema(.string, format: "date-time", example: "2026-07-01T01:00:00Z") }
}

extension Timestamp: SchemaDescribing {
    public static var schema: Schema { Schema(.string, format: "date-time", example: "2025-03-26T14:11:17.850Z") }
}

extension ZonedTimestamp: SchemaDescribing {
    /// No `date-time`: that is RFC 3339 and has no brackets.
    public static var schema: Schema {
        Schema(
            .string, pattern: #"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})(\[[^\[\]]+\])*$"#,
            example: "2026-07-01T09:00:00+08:00[Asia/Shanghai]"
        )
    }
}

extension LocalDate: SchemaDescribing {
    public static var schema: Schema { Schema(.string, format: "date", example: "2026-07-01") }
}

extension LocalTime: SchemaDescribing {
    public static var schema: Schema { Schema(.string, pattern: #"^\d{2}:\d{2}(:00)?$"#, example: "09:00") }
}

extension LocalDateTime: SchemaDescribing {
    public static var schema: Schema {
        Schema(.string, pattern: #"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"#, example: "2026-07-01T09:00:00")
    }
}

extension RawJSON: SchemaDescribing {
    public static var schema: Schema { Schema(.any) }
}

extension Identifier: SchemaDescribing {
    public static var schema: Schema {
        var schema = Schema(.integer, format: "int64")
        schema.minimum = 1
        schema.maximum = rawValueMax
        return schema
    }
}
