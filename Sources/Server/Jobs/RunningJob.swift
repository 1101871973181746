import NIOCore
import Storage

/// A job of this node on its way.
struct RunningJob: Sendable {
    /// Why its task was cancelled.
    enum Interruption: Sendable {
        /// The claim is not ours any more.
        case lost
        /// It takes longer than its kind allows.
        case overran
        /// The server stops.
        case shutdown
    }

    let job: ClaimedJob
    let deadline: NIODeadline
    let task: Task<JobEnding, any Error>
    /// The first one counts.
    private(set) var interruption: Interruption?

    init(_ job: ClaimedJob, secondsMax: Int64, _ task: Task<JobEnding, any Error>) {
        self.job = job
        deadline = .now() + .seconds(secondsMax)
        self.task = task
    }

    mutating func interrupt(_ reason: Interruption) {
        interruption = interruption ?? reason
        task.cancel()
    }
}
