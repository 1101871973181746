import Accounts
import Core
import Synchronization

/// Where committed events leave the storage. The storage is opened before there is anybody to hear: what is committed until then (the first
/// administrator) lies in the log, where later readers find it.
final class EventOutlet: CommittedEvents {
    private let receivers = Mutex<[any CommittedEvents]>([])

    /// - Parameter receivers: each hears of a commit before the next one does.
    func connect(_ receivers: [any CommittedEvents]) {
        self.receivers.withLock { $0 = receivers }
    }

    func committed(_ events: [CommittedEvent]) {
        for receiver in receivers.withLock({ $0 }) { receiver.committed(events) }
    }
}

extension RevocationIndex: CommittedEvents {
    /// Before the hub hears of it and before the writer gets its answer: whoever logs out is out when the reply arrives.
    public func committed(_ events: [CommittedEvent]) {
        for event in events { apply(event) }
    }
}
