/// Who watches a channel on one event loop, by what they get: everyone of a group gets the same bytes, unless the group is selective or
/// some of it lack what a difference is told from.
struct Audience {
    struct Group {
        let format: PublicationFormat
        let wantsJoinLeave: Bool
        let isSelective: Bool
        let hasDeltas: Bool
        fileprivate(set) var subscriptions: [Subscription] = []

        /// Everyone gets the same frames, whatever they had before.
        var isUniform: Bool { !isSelective && !hasDeltas }

        func takes(_ event: Broadcast) -> Bool { wantsJoinLeave || !event.isJoinOrLeave }
    }

    private(set) var groups: [Group] = []

    var count: Int { groups.reduce(0) { $0 + $1.subscriptions.count } }

    mutating func insert(_ subscription: Subscription) {
        let group = group(of: subscription)
        subscription.index = groups[group].subscriptions.count
        groups[group].subscriptions.append(subscription)
    }

    /// The last one takes the place of the one removed.
    mutating func remove(_ subscription: Subscription) {
        guard let index = subscription.index else { return }
        let group = group(of: subscription)
        groups[group].subscriptions.swapAt(index, groups[group].subscriptions.count - 1)
        groups[group].subscriptions.removeLast()
        if index < groups[group].subscriptions.count { groups[group].subscriptions[index].index = index }
        subscription.index = nil
    }

    mutating func removeAll() -> [Subscription] {
        let everyone = groups.flatMap(\.subscriptions)
        for subscription in everyone { subscription.index = nil }
        groups.removeAll()
        return everyone
    }

    private mutating func group(of subscription: Subscription) -> Int {
        let (format, traits) = (subscription.outbox.format, subscription.traits)
        let known = groups.firstIndex {
            $0.format.kind == format.kind && $0.wantsJoinLeave == traits.wantsJoinLeave && $0.isSelective == traits.isSelective
                && $0.hasDeltas == traits.hasDeltas
        }
        if let known { return known }
        groups.append(
            Group(
                format: format, wantsJoinLeave: traits.wantsJoinLeave, isSelective: traits.isSelective, hasDeltas: traits.hasDeltas
            )
        )
        return groups.count - 1
    }
}
