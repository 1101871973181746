import NIOCore

/// The events of one delivery as those get them who were granted deltas (protocol A.10): each publication as its difference from the one
/// before. Only of the first there are two forms, because not everyone has what was before it.
struct DeltaChunks {
    private let events: [Broadcast]
    private let previous: Broadcast?
    private let format: PublicationFormat
    /// Made when the first comes who needs it.
    private var continuing: [ByteBuffer]?
    private var beginning: [ByteBuffer]?

    /// - Parameters:
    ///   - events: what the group is to have, in order.
    ///   - previous: the publication before the first of them.
    init(of events: [Broadcast], after previous: Broadcast?, for format: PublicationFormat) {
        self.events = events
        self.previous = previous
        self.format = format
    }

    /// What the receivers had last when they have everything: a publication, where there is any.
    var lastPublication: Broadcast? { events.last { !$0.isJoinOrLeave } ?? events.last }

    mutating func chunks(for subscription: Subscription) -> [ByteBuffer] {
        if let first = events.first(where: { !$0.isJoinOrLeave }), subscription.hasDeltaBase(previous, of: first) {
            let chunks = continuing ?? joined(after: previous)
            continuing = chunks
            return chunks
        }
        let chunks = beginning ?? joined(after: nil)
        beginning = chunks
        return chunks
    }

    private func joined(after previous: Broadcast?) -> [ByteBuffer] {
        var base = previous
        return FrameChunks.joined(
            events.map { event in
                guard !event.isJoinOrLeave else { return event.frame(for: format) }
                defer { base = event }
                return event.deltaFrame(for: format, after: base.flatMap { $0.precedes(event) ? $0 : nil })
            }
        )
    }
}
