import DequeModule
import Wire

/// A connection's part in one channel, as its session knows it.
struct Membership {
    enum Stage {
        /// Not answered yet.
        indirect case pending(PendingSubscription)
        case live
    }

    var channel: String
    var stage: Stage
    /// What holds; nil until that is known.
    var grant: ChannelGrant?
    /// Chosen by the server: it ends with the connection or by the server's will.
    var isServerSide = false
    /// A newer token is being looked at.
    var isRefreshing = false
    /// When the subscription ends unless it is renewed.
    var expiryDue: Int?

    var isLive: Bool {
        if case .live = stage { true } else { false }
    }

    /// What is on its way; nil once it is live.
    var pending: PendingSubscription? {
        get { if case .pending(let pending) = stage { pending } else { nil } }
        set { if let newValue { stage = .pending(newValue) } }
    }

    /// The server has ended it before it began.
    var hasEnded: Bool { pending?.ended != nil }
}

/// A subscription that is on its way.
struct PendingSubscription {
    /// Of the command to be answered; zero for one that the server began.
    let id: UInt32
    let request: SubscribeRequest
    /// What was asked of the channel meanwhile: it waits, in its order.
    var waiting = Deque<Command>()
    /// The server has ended the subscription before it began. That must not overtake the answer.
    var ended: Unsubscription?
    /// After that the server has given the channel again: it begins anew once this is over.
    var regiven: GivenChannel?
}

/// A channel that the server subscribes a connection to.
struct GivenChannel {
    let admission: Admission
    /// Where it begins; nil for now.
    let since: StreamPosition?
}

/// The channels of one connection: few, so they are looked through.
struct Memberships {
    private(set) var all: [Membership] = []

    var count: Int { all.count }

    subscript(channel: String) -> Membership? {
        get { all.first { $0.channel == channel } }
        set {
            let index = all.firstIndex { $0.channel == channel }
            switch (index, newValue) {
            case (let index?, let membership?): all[index] = membership
            case (let index?, nil): all.remove(at: index)
            case (nil, let membership?): all.append(membership)
            case (nil, nil): break
            }
        }
    }

    mutating func removeAll() { all = [] }

    /// What holds in a channel that the connection is subscribed to by now.
    func liveGrant(of channel: String) -> ChannelGrant? {
        guard let membership = self[channel], membership.isLive else { return nil }
        return membership.grant
    }

    var nextExpiry: Int? { all.lazy.filter(\.isLive).compactMap(\.expiryDue).min() }
}
