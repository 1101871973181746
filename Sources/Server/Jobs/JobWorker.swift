import Gateway
import Logging
import NIOCore
import ServiceLifecycle
import Storage
import Wire

/// Runs the jobs of a node: looks when one is due, when one was enqueued here, when one has ended, and every few seconds for those that other
/// nodes have enqueued. What it has claimed it runs to the end when the server stops, for a bounded time.
final class JobWorker: Service {
    let queue: JobQueue
    let running = RunningJobs()
    let figures = JobFigures()
    private let settings: JobSettings
    private let eventLoop: any EventLoop
    private let logger: Logger

    init(queue: JobQueue, settings: JobSettings, eventLoop: any EventLoop, logger: Logger) {
        self.queue = queue
        self.settings = settings
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// - Throws: where the recurring jobs can't be arranged for.
    func run() async throws {
        try await queue.begin()
        let (looks, look) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        queue.onEnqueue { look.yield() }
        let (beats, beat) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let timer = eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(settings.lookSeconds)) { _ in beat.yield() }
        async let beating: Void = {
            for await _ in beats {
                await self.beat()
                look.yield()
            }
        }()
        // The group ends with its last job. After the shutdown those that take too long are interrupted and given back.
        let interruption = await withDiscardingTaskGroup { group in
            var nextLook: Scheduled<Void>?
            for await _ in looks.cancelOnGracefulShutdown() {
                nextLook?.cancel()
                nextLook = await takeDue(in: &group) { look.yield() }.map { eventLoop.scheduleTask(in: $0) { look.yield() } }
            }
            nextLook?.cancel()
            return eventLoop.scheduleTask(in: .seconds(settings.drainSeconds)) { self.running.interruptAll(.shutdown) }
        }
        interruption.cancel()
        let stopped = eventLoop.makePromise(of: Void.self)
        timer.cancel(promise: stopped)
        try await stopped.futureResult.get()
        // One that has begun needs the database, which is closed after this.
        beat.finish()
        await beating
    }

    /// Claims what is due, as much as there is room for.
    ///
    /// - Returns: when to look again, where that is before the beat does.
    private func takeDue(in group: inout DiscardingTaskGroup, look: @escaping @Sendable () -> Void) async -> TimeAmount? {
        do {
            // What is enqueued between the reading and the narrowing has rung by then.
            queue.listen(before: nil)
            // A job that ends looks again.
            while running.count < settings.runningMax {
                guard let next = try await queue.nextDue() else { return nil }
                guard next.dueAt <= next.now else {
                    queue.listen(before: next.dueAt)
                    let pause = TimeAmount.microseconds(next.dueAt.microseconds - next.now.microseconds)
                    return pause < .seconds(settings.lookSeconds) ? pause : nil
                }
                let taken = try await queue.claim(max: settings.runningMax - running.count)
                for job in taken.buried { note(job, .dead, after: .zero, error: JobError.abandoned) }
                // Another node was faster: the beat looks again.
                guard !taken.claimed.isEmpty || !taken.buried.isEmpty else { return nil }
                for job in taken.claimed { start(job, in: &group, look: look) }
            }
        } catch {
            logger.error("the job queue can't be read", metadata: ["error": "\(error)"])
        }
        return nil
    }

    private func start(_ job: ClaimedJob, in group: inout DiscardingTaskGroup, look: @escaping @Sendable () -> Void) {
        // Not a child of the group, so that it can be cancelled by itself; it is awaited by the child that settles it.
        let task = Task { [queue] in try await queue.work(on: job) }
        running.add(RunningJob(job, secondsMax: queue.runSecondsMax(of: job), task))
        group.addTask {
            await self.settle(job, after: task)
            look()
        }
    }

    private func settle(_ job: ClaimedJob, after task: Task<JobEnding, any Error>) async {
        let began = NIODeadline.now()
        let result = await task.result
        do {
            switch (running.interruption(of: job.claim), result) {
            // The attempt was no failure of the job's.
            case (.shutdown, .failure): try await queue.giveBack(job)
            case (.lost, _): note(job, .lost, after: .now() - began)
            case (.overran, .failure):
                note(job, try await queue.settle(job, .failure(JobError.overran)), after: .now() - began, error: JobError.overran)
            case (_, .failure(let error)): note(job, try await queue.settle(job, result), after: .now() - began, error: error)
            case (_, .success): note(job, try await queue.settle(job, result), after: .now() - began)
            }
        } catch {
            logger.error("a job can't be settled", metadata: ["job.kind": "\(job.kind)", "error": "\(error)"])
        }
        running.remove(job.claim)
    }

    /// Every few seconds: holds on to what runs, sends away what takes too long, counts.
    private func beat() async {
        running.interruptOverrun(at: .now())
        do {
            let claims = running.claims
            if !claims.isEmpty { running.interrupt(Set(claims).subtracting(try await queue.extend(claims)), .lost) }
            figures.note(try await queue.counts())
        } catch {
            logger.error("jobs can't be held on to", metadata: ["error": "\(error)"])
        }
    }

    private func note(_ job: ClaimedJob, _ outcome: JobOutcome, after duration: TimeAmount, error: (any Error)? = nil) {
        figures.note(job.kind, outcome, after: duration)
        let metadata: Logger.Metadata = [
            "job.id": "\(job.claim.id)", "job.kind": "\(job.kind)", "job.attempts": "\(job.attempts)",
            "error": "\(error.map { String(describing: $0) } ?? "none")",
        ]
        switch outcome {
        case .done: logger.debug("job done", metadata: metadata)
        case .failed: logger.warning("job failed", metadata: metadata)
        case .lost: logger.warning("job lost", metadata: metadata)
        case .dead: logger.error("job is dead", metadata: metadata)
        }
    }
}
