import Core
import Logging
import NIOPosix
import ServerTesting
import ServiceLifecycle
import Storage
import Synchronization

@testable import Server

/// Works for as long as the test lets it, then says so in the database.
struct Errand: JobKind {
    static let kind = "test.errand"

    let name: String
}

/// The same, for no longer than a second.
struct QuickErrand: JobKind {
    static let kind = "test.quick-errand"
    static let runSecondsMax: Int64 = 1

    let name: String
}

/// Works until it hears that the server stops, then says so in the database.
struct LastErrand: JobKind {
    static let kind = "test.last-errand"

    let name: String
}

/// A worker on a database of its own, and the errands that it runs.
struct JobStage: Sendable {
    let database: Database
    let errands: Errands
    private let group: ServiceGroup
    private let ended = Milestones()

    private init(_ database: Database, _ errands: Errands, _ group: ServiceGroup) {
        self.database = database
        self.errands = errands
        self.group = group
    }

    /// Runs a worker for as long as the body takes; then it is stopped, if it has not been.
    static func run(
        _ adjust: (inout JobSettings) -> Void = { _ in }, _ body: @escaping @Sendable (JobStage) async throws -> Void
    ) async throws {
        var settings = JobSettings()
        settings.lookSeconds = 1
        adjust(&settings)
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await directory.withDatabase(SystemTime()) { try await run(settings, on: $0, body) }
    }

    private static func run(
        _ settings: JobSettings, on database: Database, _ body: @escaping @Sendable (JobStage) async throws -> Void
    ) async throws {
        let errands = Errands()
        var handlers = JobHandlers()
        handlers.register(Errand.self) { errand in
            try await errands.run(errand.name)
            return { tx in try tx.storeSetting(errand.name, "done") }
        }
        handlers.register(QuickErrand.self) { errand in
            try await errands.run(errand.name)
            return { tx in try tx.storeSetting(errand.name, "done") }
        }
        handlers.register(LastErrand.self) { errand in
            await errands.milestones.advance()
            try await gracefulShutdown()
            return { tx in try tx.storeSetting(errand.name, "done") }
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let worker = JobWorker(
            queue: JobQueue(database: database, handlers: handlers, leaseSeconds: settings.leaseSeconds), settings: settings,
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(), logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [worker], logger: logger))
        let stage = JobStage(database, errands, group)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await group.run()
                await stage.ended.advance()
            }
            tasks.addTask {
                try await body(stage)
                await stage.stop()
            }
            try await tasks.waitForAll()
        }
    }

    /// Stops the worker as a server does; returns when it has ended.
    func stop() async {
        await group.triggerGracefulShutdown()
        await ended.reached(1)
    }

    func enqueue(_ names: String...) async throws {
        for name in names { try await enqueue(Errand(name: name), key: name) }
    }

    func enqueue(_ job: some JobKind, key: String) async throws {
        try await database.writeUnrecorded(by: .test) { tx in try tx.enqueue(job, key: key) }
    }

    func isDone(_ name: String) async throws -> Bool {
        try await database.read { try $0.setting(name) } == "done"
    }
}

/// Errands wait in the middle of their work until they are let go, and leave when they are cancelled.
final class Errands: Sendable {
    private struct State {
        var exits: [String: AsyncStream<Never>.Continuation] = [:]
        var begun: [String] = []
    }

    let milestones = Milestones()
    /// Of those who were sent away in the middle.
    let departures = Milestones()
    private let state = Mutex(State())

    /// In the order in which they began.
    var begun: [String] { state.withLock(\.begun) }

    func run(_ name: String) async throws {
        let (wait, exit) = AsyncStream<Never>.makeStream()
        state.withLock { state in
            state.begun.append(name)
            state.exits[name] = exit
        }
        await milestones.advance()
        for await _ in wait {}
        guard Task.isCancelled else { return }
        await departures.advance()
        throw CancellationError()
    }

    func letGo(_ names: String...) {
        state.withLock { state in
            for name in names { state.exits.removeValue(forKey: name)?.finish() }
        }
    }
}
