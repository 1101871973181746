import Synchronization

/// Counts the steps of one stage and tells of them.
final class ProgressMeter: Sendable {
    private let stage: String
    private let total: Int
    private let tell: ClubPlay.Progress
    private let done = Mutex(0)

    init(_ stage: String, of total: Int, _ tell: @escaping ClubPlay.Progress) {
        self.stage = stage
        self.total = total
        self.tell = tell
        tell(stage, 0, total)
    }

    func advance() {
        // Told under the lock, so that counts never run backwards; the listener is quick.
        done.withLock {
            $0 += 1
            tell(stage, $0, total)
        }
    }
}
