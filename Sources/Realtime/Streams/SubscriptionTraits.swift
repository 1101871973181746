/// What a subscription is to be given of its channel.
struct SubscriptionTraits: Hashable {
    /// Publications come in the order of a log; without one there is nothing to be brought up to.
    var hasLog = true
    /// Only the latest publication counts.
    var isCache = false
    /// Joins and leaves are wanted too.
    var wantsJoinLeave = false
    /// Publications come as their differences from the one before (protocol A.10).
    var hasDeltas = false
    /// Publications that do not match are left out.
    var filter: TagFilter?

    /// Each publication has to be looked at for this subscriber; all others of a group get the same bytes.
    var isSelective: Bool { isCache || filter != nil }
}
