import Storage
import Synchronization
import Testing
import Wire

/// Writes a note.
struct WriteNote: JobKind {
    static let kind = "test.write-note"
    static let attemptsMax = 4

    let text: String
}

/// Sweeps every minute.
struct Sweep: RecurringJobKind {
    static let kind = "test.sweep"
    static let intervalSeconds: Int64 = 60
}

/// What only another release knows.
struct FromTheFuture: JobKind {
    static let kind = "test.from-the-future"
}

struct Mishap: Error {}

extension JobHandlers {
    /// - Parameter text: of a note that always fails.
    static func writingNotes(failing text: String? = nil) -> JobHandlers {
        var handlers = JobHandlers()
        handlers.register(WriteNote.self) { job in
            guard job.text != text else { throw Mishap() }
            return { tx in try tx.write(job.text) }
        }
        return handlers
    }
}

extension TestDatabase {
    static let leaseSeconds: Int64 = 30

    func queue(_ handlers: JobHandlers = .writingNotes()) -> JobQueue {
        JobQueue(database: database, handlers: handlers, leaseSeconds: Self.leaseSeconds)
    }

    func enqueue(_ texts: String...) async throws {
        try await database.writeUnrecorded(by: .test()) { tx in
            for text in texts { try tx.enqueue(WriteNote(text: text)) }
        }
    }

    var notes: [String] { get async throws { try await database.read { try $0.notes() } } }
}

extension JobQueue {
    /// Claims one job, or none.
    func claimOne() async throws -> ClaimedJob? {
        let taken = try await claim(max: 1)
        return taken.claimed.first
    }

    /// Takes a job and does it to the end.
    func runOne() async throws -> JobOutcome? {
        guard let job = try await claimOne() else { return nil }
        return try await run(job)
    }

    func run(_ job: ClaimedJob) async throws -> JobOutcome {
        let result: Result<JobEnding, any Error>
        do { result = .success(try await work(on: job)) } catch { result = .failure(error) }
        return try await settle(job, result)
    }
}
