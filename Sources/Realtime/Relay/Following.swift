import Core
import Logging
import NIOCore

/// A ``LogFollower``'s part on its event loop: the timer, and the look that is under way.
final class Following {
    private let reader: TailReader
    private let eventLoop: any EventLoop
    private let counts: TailCounts
    private let random: (Range<Int>) -> Int
    private let logger: Logger
    private let tasks: LoopTasks

    private var schedule: TailSchedule
    private var mark: LogMark?
    private var timer: Scheduled<Void>?
    private var isStopping = false
    private var whenIdle: EventLoopPromise<Void>?
    private var isFailing = false

    init(
        reader: TailReader, eventLoop: any EventLoop, counts: TailCounts, random: @escaping @Sendable (Range<Int>) -> Int, logger: Logger
    ) {
        self.reader = reader
        self.eventLoop = eventLoop
        self.counts = counts
        self.random = random
        self.logger = logger
        tasks = LoopTasks(eventLoop: eventLoop)
        schedule = TailSchedule(at: .now())
    }

    func begin() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let reader = self.reader
        tasks.run { () -> Result<LogMark, any Error> in
            do { return .success(try await reader.start()) } catch { return .failure(error) }
        } then: { [self] result in
            switch result {
            case .success(let mark):
                self.mark = mark
                setTimer()
                promise.succeed()
            case .failure(let error): promise.fail(error)
            }
        }
        return promise.futureResult
    }

    func wake() {
        schedule.wake()
        setTimer()
    }

    func stop() -> EventLoopFuture<Void> {
        isStopping = true
        timer?.cancel()
        timer = nil
        let promise = eventLoop.makePromise(of: Void.self)
        if schedule.due == nil { whenIdle = promise } else { promise.succeed() }
        return promise.futureResult
    }

    private func setTimer() {
        timer?.cancel()
        timer = nil
        guard !isStopping, mark != nil, let due = schedule.due else { return }
        guard due > eventLoop.now else { return look() }
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in self?.look() }
    }

    private func look() {
        guard let mark, !isStopping else { return }
        schedule.begin(at: eventLoop.now)
        let reader = self.reader
        tasks.run { () -> Result<LogMark, any Error> in
            do { return .success(try await reader.look(since: mark)) } catch { return .failure(error) }
        } then: { [weak self] result in
            self?.looked(result)
        }
    }

    private func looked(_ result: Result<LogMark, any Error>) {
        switch result {
        case .success(let mark):
            self.mark = mark
            schedule.succeeded()
            counts.looked(true)
            isFailing = false
        case .failure(let error):
            schedule.failed(at: eventLoop.now, random)
            counts.looked(false)
            // Of looks that go on failing one word is enough.
            if !isFailing { logger.warning("The end of the log could not be read", metadata: ["error": "\(error)"]) }
            isFailing = true
        }
        whenIdle?.succeed()
        whenIdle = nil
        setTimer()
    }
}
