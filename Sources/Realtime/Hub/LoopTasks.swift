import NIOCore

/// Owns the asynchronous work that one event loop has asked for: reads of the log, tokens, permissions.
///
/// Each job runs off the loop; its end is handled on the loop. Bounded by those who ask: a connection has one token, its channels and a few
/// reads under way, a channel one read.
final class LoopTasks {
    private let eventLoop: any EventLoop
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var started = 0

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    deinit {
        for task in tasks.values { task.cancel() }
    }

    /// The jobs whose end was not handled yet.
    var running: [Task<Void, Never>] { Array(tasks.values) }

    /// Must be called on the loop.
    func run<Value: Sendable>(_ job: @escaping @Sendable () async -> Value, then finish: @escaping (Value) -> Void) {
        started += 1
        let id = started
        let end = NIOLoopBound(
            { [weak self] (value: Value) in
                self?.tasks[id] = nil
                finish(value)
            },
            eventLoop: eventLoop
        )
        let eventLoop = self.eventLoop
        tasks[id] = Task {
            let value = await job()
            eventLoop.execute { end.value(value) }
        }
    }
}
