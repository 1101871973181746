/// The tables of the storage itself; numbers 1 to 9.
enum StorageSchema {
    static let migrations = [eventLog, auditTrail, idempotency, settings, channelMoves, jobs, auditedTimeZones]

    private static let eventLog = Migration(1, "event log") { dialect in
        [
            "CREATE TABLE epoch (value \(dialect.text) NOT NULL)",
            """
            CREATE TABLE channel (
                id \(dialect.growingIdentity),
                name \(dialect.text) NOT NULL UNIQUE,
                top \(dialect.integer) NOT NULL
            )
            """,
            // In the order in which they were committed, whatever the channel: a commit of a hundred channels then writes a few pages at
            // the end of the table, not a page in the middle for each of them.
            """
            CREATE TABLE event (
                id \(dialect.growingIdentity),
                channel_id \(dialect.integer) NOT NULL REFERENCES channel (id),
                "offset" \(dialect.integer) NOT NULL,
                data \(dialect.text) NOT NULL,
                at \(dialect.instant) NOT NULL,
                CONSTRAINT event_place UNIQUE (channel_id, "offset")
            )
            """,
        ]
    }

    private static let auditTrail = Migration(2, "audit trail") { dialect in
        [
            """
            CREATE TABLE audit (
                id \(dialect.growingIdentity),
                at \(dialect.instant) NOT NULL,
                actor \(dialect.integer),
                action \(dialect.text) NOT NULL,
                thing \(dialect.text) NOT NULL,
                before \(dialect.text),
                after \(dialect.text),
                request_id \(dialect.text) NOT NULL,
                transport \(dialect.text) NOT NULL
            )
            """
        ] + dialect.appendOnly("audit")
    }

    private static let idempotency = Migration(3, "idempotency") { dialect in
        [
            """
            CREATE TABLE idempotency (
                scope \(dialect.text) NOT NULL,
                key \(dialect.text) NOT NULL,
                fingerprint \(dialect.text) NOT NULL,
                response \(dialect.text) NOT NULL,
                created_at \(dialect.instant) NOT NULL,
                PRIMARY KEY (scope, key)
            )
            """,
            "CREATE INDEX idempotency_created_at ON idempotency (created_at)",
        ]
    }

    private static let settings = Migration(4, "settings") { dialect in
        ["CREATE TABLE setting (key \(dialect.text) NOT NULL PRIMARY KEY, value \(dialect.text) NOT NULL)"]
    }

    private static let channelMoves = Migration(5, "channel moves") { dialect in dialect.channelMoves }

    // Lines that were written before do not say it.
    private static let auditedTimeZones = Migration(7, "audited time zones") { dialect in
        ["ALTER TABLE audit ADD COLUMN tzdata \(dialect.text)"]
    }
}
