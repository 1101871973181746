/// Which channels the events of a batch go to.
struct EventBatch {
    /// Each once, in the order in which they came.
    private(set) var channels: [String] = []
    /// How many events each channel gets.
    private(set) var counts: [UInt64] = []
    /// For each event, where its channel stands in ``channels``.
    private(set) var channelIndexes: [Int] = []

    init(_ events: [EmittedEvent]) {
        var indexes: [String: Int] = [:]
        channelIndexes.reserveCapacity(events.count)
        for event in events {
            let index = indexes[event.channel] ?? channels.count
            if index == channels.count {
                indexes[event.channel] = index
                channels.append(event.channel)
                counts.append(0)
            }
            counts[index] += 1
            channelIndexes.append(index)
        }
    }
}
