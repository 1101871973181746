import Core
import NIOCore
import Wire

/// A plain stream of one person's own events, for clients that are written by hand: each event's envelope is a message, and that is all.
/// Bound to the connection's event loop.
///
/// There is no position and no recovery: it begins now, and who reconnects reads the inbox again.
public final class NotificationSession {
    private let shard: HubShard
    private let outbox: Outbox
    private let alarm = Alarm()
    private let signedIn: SignedInCaller
    private let expiryDue: Int
    private var pingDue: Int
    private var drainDue: Int?
    private var budget: CommandBudget
    private var subscription: Subscription?
    private var isCounted = false
    private var isClosed = false

    init(shard: HubShard, transport: any SessionTransport, caller: SignedInCaller, format: PublicationFormat) {
        let settings = shard.settings
        self.shard = shard
        signedIn = caller
        outbox = Outbox(transport: transport, format: format)
        expiryDue = shard.now + Int(clamping: caller.expiresAt.seconds(since: shard.time.now)) + settings.expirySeconds
        pingDue = shard.now + settings.random(settings.pingSeconds / 2..<settings.pingSeconds + 1)
        budget = CommandBudget(perSecond: settings.commandsPerSecond, burst: settings.commandsBurst, at: shard.now)
        shard.add(self)
        alarm.action = { [weak self] in self?.timeReached() }
        begin()
    }

    private func begin() {
        guard !shard.ledger.isDraining else { return close(.shutdown) }
        // The sign-in may have ended since the upgrade was allowed.
        guard shard.authenticator.isStillValid(signedIn) else { return close(.invalidToken) }
        isCounted = shard.signIn(self, as: signedIn.userID)
        guard isCounted else { return close(.connectionLimit) }
        setAlarm()
        let subscription = shard.subscribe(self, outbox, to: PersonalChannel(user: signedIn.userID.rawValue).name)
        self.subscription = subscription
        shard.begin(subscription, since: nil)
    }

    /// A message has arrived. Nothing is expected of the client, so it is only counted.
    public func received() {
        if !budget.take(at: shard.now) { close(.tooManyRequests) }
    }

    /// The transport is gone; nothing may be sent any more.
    public func transportClosed() { end(nil) }

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
        outbox.close(reason)
        if let subscription { shard.unsubscribe(subscription) }
        subscription = nil
        shard.cancel(alarm)
        shard.remove(self, user: isCounted ? signedIn.userID : nil)
    }
}

extension NotificationSession: HubConnection {
    var caller: SignedInCaller? { signedIn }

    func close(_ reason: Disconnect) { end(reason) }

    func drain(at second: Int) {
        drainDue = second
        setAlarm()
    }
}

extension NotificationSession: Subscriber {
    func started(_ subscription: Subscription, at start: StreamStart) {}

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
