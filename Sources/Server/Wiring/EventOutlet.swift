import Accounts
import Core
import Realtime
import Synchronization

/// Where committed events leave the storage. The storage is opened before there is anybody to hear: what is committed until then (the first
/// administrator) lies in the log, where later readers find it.
final class EventOutlet: CommittedEvents {
    private let receivers = Mutex<[any CommittedEvents]>([])
    private let follower = Mutex<LogFollower?>(nil)

    /// - Parameter receivers: each hears of a commit before the next one does.
    func connect(_ receivers: [any CommittedEvents]) {
        self.receivers.withLock { $0 = receivers }
    }

    /// - Parameter follower: is woken whenever a server has told the database that it committed.
    func wake(_ follower: LogFollower) {
        self.follower.withLock { $0 = follower }
    }

    func committed(_ events: [CommittedEvent]) {
        for receiver in receivers.withLock({ $0 }) { receiver.committed(events) }
    }

    /// Some server has committed. Whoever begins to follow later looks at the log first.
    func notified() {
        follower.withLock { $0 }?.wake()
    }
}

extension RevocationIndex: CommittedEvents {
    /// Before the hub hears of it and before the writer gets its answer: whoever logs out is out when the reply arrives.
    public func committed(_ events: [CommittedEvent]) {
        for event in events { apply(event) }
    }
}
