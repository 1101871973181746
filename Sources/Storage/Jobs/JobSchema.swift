extension StorageSchema {
    static let jobs = Migration(6, "jobs") { dialect in
        [
            // `due_at` is when the job may be taken: its time, the end of a pause after a failure or, while somebody runs it, the end of the
            // lease. So a job whose node has died is due like any other. `claims` only grows and is the fence: each claim has its own.
            """
            CREATE TABLE job (
                id \(dialect.identity),
                kind \(dialect.text) NOT NULL,
                payload \(dialect.text) NOT NULL,
                key \(dialect.text) UNIQUE,
                due_at \(dialect.instant) NOT NULL,
                attempts \(dialect.integer) NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                claims \(dialect.integer) NOT NULL DEFAULT 0 CHECK (claims >= 0),
                claimed_by \(dialect.text),
                last_error \(dialect.text),
                died_at \(dialect.instant),
                created_at \(dialect.instant) NOT NULL,
                CONSTRAINT job_dead_is_unclaimed CHECK (died_at IS NULL OR claimed_by IS NULL),
                CONSTRAINT job_dead_says_why CHECK (died_at IS NULL OR last_error IS NOT NULL)
            )
            """,
            "CREATE INDEX job_due ON job (due_at, id) WHERE died_at IS NULL",
            "CREATE INDEX job_dead ON job (died_at, id) WHERE died_at IS NOT NULL",
        ]
    }
}
