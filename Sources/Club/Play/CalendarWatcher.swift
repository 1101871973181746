import Client
import Synchronization
import Wire

/// Keeps a replica of one venue's calendar over a WebSocket. A restless one loses its connection at random and resumes.
struct CalendarWatcher: Sendable {
    /// Told of each event; `isLive` is false for what came with a resumption.
    typealias Heard = @Sendable (_ event: HeardEvent, _ isLive: Bool) -> Void

    /// Which of the club's venues.
    let venue: Int
    let isRestless: Bool
    private let subscription: ResumingSubscription
    private let notes: Notes

    /// What the watcher has made of what it heard.
    fileprivate final class Notes: Sendable {
        let replica: Mutex<CalendarReplica>
        let restlessness: Mutex<Restlessness?>
        let failure = Mutex<String?>(nil)

        init(_ replica: CalendarReplica, _ restlessness: Restlessness?) {
            self.replica = Mutex(replica)
            self.restlessness = Mutex(restlessness)
        }

        func note(_ failure: String) {
            self.failure.withLock { $0 = $0 ?? failure }
        }
    }

    /// - Parameter clock: how long a restless watcher stays away.
    init(
        of venue: Int, calendar: CalendarSnapshot, host: String = "127.0.0.1", port: Int, tokens: TokenSource,
        restlessness: Restlessness? = nil, clock: PlayClock = PlayClock(), heard: @escaping Heard
    ) {
        self.venue = venue
        isRestless = restlessness != nil
        let notes = Notes(CalendarReplica(calendar), restlessness)
        self.notes = notes
        subscription = ResumingSubscription(to: calendar.stream.channel, since: calendar.stream.position) {
            await clock.passes(notes.restlessness.withLock { $0?.comeBack() } ?? 0)
            return try await LiveConnection.connect(host: host, port: port, tokens: tokens)
        } handle: { delivery, subscription in
            notes.apply(delivery, heard)
            switch notes.restlessness.withLock({ $0?.heardEvent() }) {
            case .hangUp: subscription.cut(reset: false)
            case .reset: subscription.cut(reset: true)
            case nil: break
            }
        }
    }

    var counts: ResumingSubscription.Counts { subscription.counts }
    var replica: CalendarReplica { notes.replica.withLock { $0 } }
    /// What ended it before its time, or what it could not read.
    var failure: String? { notes.failure.withLock { $0 } }

    /// Watches until the task is cancelled.
    func run() async {
        do {
            try await subscription.run()
        } catch {
            notes.note("\(error)")
        }
    }

    func isSubscribed() async -> Bool { await subscription.isSubscribed(within: ClubPlay.patience) }

    func hasReached(_ offset: UInt64) async -> Bool { await subscription.hasReached(offset, within: ClubPlay.patience) }
}

extension CalendarWatcher.Notes {
    fileprivate func apply(_ delivery: ResumingSubscription.Delivery, _ heard: CalendarWatcher.Heard) {
        guard case .publication(let publication, let isLive) = delivery else {
            return note("the server no longer had what was missed")
        }
        do {
            let heardEvent = try publication.data.decode(HeardEvent.self)
            heard(heardEvent, isLive)
            replica.withLock { $0.apply(heardEvent.event) }
        } catch {
            note("an event could not be read: \(error)")
        }
    }
}

extension LiveConnection {
    /// Connects with somebody's token; one that has expired is replaced once.
    static func connect(host: String, port: Int, tokens: TokenSource) async throws -> LiveConnection {
        let token = try await tokens.token()
        do {
            return try await connect(host: host, port: port, token: token, name: "ringside-demo")
        } catch let error as ProtocolError where error == .tokenExpired || error == .unauthorized {
            return try await connect(host: host, port: port, token: tokens.token(after: token), name: "ringside-demo")
        }
    }
}
