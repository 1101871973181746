import NIOCore

/// Runs a connection's task on the connection's own event loop.
///
/// The parts of a request are read, answered and written on one thread: without it every request wakes a thread of the global pool and
/// that one wakes the loop again, which costs more than the answer. Whoever answers must not block, as on any event loop.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
