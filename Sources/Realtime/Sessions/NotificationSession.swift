import Core
import NIOCore
import Wire

/// A plain stream of one person's own events, for clients that are written by hand: each event's envelope is a message, and that is all.
/// Bound to the connection's event loop.
///
/// There is no recovery: it begins where the upgrade was decided, and who reconnects reads the inbox again.
public final class NotificationSession {
    private let shard: HubShard
    private let outbox: Outbox
    private let alarm = Alarm()
    private let signedIn: Principal
    private let channel: String
    private let expiryDue: Int
    private var pingDue: Int
    private var drainDue: Int?
    private var budget: CommandBudget
    private var subscription: Subscription?
    private let address: String?
    private var isCountedByAddress = false
    private var isCounted = false
    private var isClosed = false

    init(
        shard: HubShard, transport: any SessionTransport, caller: SignedInCaller, since: StreamPosition?, format: PublicationFormat,
        source: ConnectionSource
    ) {
        let settings = shard.settings
        self.shard = shard
        signedIn = Principal(caller)
        channel = PersonalChannel(user: caller.userID.rawValue).name
        outbox = Outbox(transport: transport, format: format)
        expiryDue = shard.present + Int(clamping: caller.expiresAt.seconds(since: shard.time.now)) + settings.expirySeconds
        pingDue = shard.present + settings.random(settings.pingSeconds / 2..<settings.pingSeconds + 1)
        budget = CommandBudget(settings.commandRate, at: shard.present)
        address = source.address
        isCountedByAddress = shard.add(self, from: address)
        alarm.action = { [weak self] in self?.timeReached() }
        begin(since)
    }

    private func begin(_ since: StreamPosition?) {
        guard !shard.ledger.isDraining else { return close(.shutdown) }
        guard isCountedByAddress else { return close(.connectionLimit) }
        // The sign-in may have ended since the upgrade was allowed.
        if let refusal = shard.access.refusal(of: signedIn) { return close(refusal.ending) }
        isCounted = shard.signIn(self, as: signedIn.user) != nil
        guard isCounted else { return close(.connectionLimit) }
        setAlarm()
        let subscription = shard.subscribe(self, outbox, to: channel)
        self.subscription = subscription
        shard.begin(subscription, since: since)
    }

    /// A message has arrived. Nothing is expected of the client, so it is only counted.
    public func received() {
        guard !budget.take(shard.settings.commandRate, at: shard.now) else { return }
        shard.figures.hit(.commands)
        close(.tooManyRequests)
    }

    /// The transport is gone; nothing may be sent any more.
    ///
    /// - Parameter reason: why, where the transport has closed by itself.
    public func transportClosed(_ reason: Disconnect? = nil) {
        // The outbox says it to nobody any more: the transport is closed.
        outbox.close(nil)
        end(reason)
    }

    private func timeReached() {
        if let drainDue, drainDue <= shard.now { return close(.shutdown) }
        guard expiryDue > shard.now else { return close(.connectionExpired) }
        if pingDue <= shard.now {
            pingDue = shard.now + shard.settings.pingSeconds
            outbox.sendPing()
            outbox.flush()
            shard.observe(outbox)
        }
        setAlarm()
    }

    private func setAlarm() {
        shard.set(alarm, at: min(pingDue, expiryDue, drainDue ?? .max))
    }

    private func end(_ reason: Disconnect?) {
        guard !isClosed else { return }
        isClosed = true
        if let reason { shard.figures.closed(reason) }
        outbox.close(reason)
        if let subscription { shard.unsubscribe(subscription) }
        subscription = nil
        shard.cancel(alarm)
        shard.remove(self, user: isCounted ? signedIn.user : nil, address: isCountedByAddress ? address : nil)
    }
}

extension NotificationSession: HubConnection {
    var principal: Principal? { signedIn }

    var client: String { "" }

    var secret: String { "" }

    func close(_ reason: Disconnect) { end(reason) }

    func drain(at second: Int) {
        drainDue = second
        setAlarm()
    }

    /// It is about one channel, whatever happens.
    func subscribe(to channel: String, _ grant: ChannelGrant, since: StreamPosition?) {}

    func unsubscribe(from channel: String, _ reason: Unsubscription) {}

    /// Only a new connection can bring a new token.
    func refresh(expiresAt: Instant?) {}
}

extension NotificationSession: Subscriber {
    var takesPushes: Bool { true }

    func caughtUp(_ subscription: Subscription, _ catchUp: CatchUp) {}

    func started(_ subscription: Subscription, at start: StreamStart) {
        switch start.recovery {
        case .fresh: break
        case .recovered(let missed):
            for event in missed { outbox.send(frame: event.frame(for: outbox.format)) }
            outbox.flush()
            shard.observe(outbox)
        case .unrecovered: close(.insufficientState)
        }
    }

    func failed(_ subscription: Subscription) {
        self.subscription = nil
        close(.internalError)
    }

    func lost(_ subscription: Subscription) {
        self.subscription = nil
        close(.insufficientState)
    }
}

@available(*, unavailable)
extension NotificationSession: Sendable {}
