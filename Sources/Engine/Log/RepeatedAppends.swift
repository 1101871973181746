import Wire

/// What was appended with an idempotency key lately.
struct RepeatedAppends {
    private struct Key: Hashable {
        let channel: String
        let text: String
    }

    private struct Record {
        let position: StreamPosition
        let at: Instant
    }

    private let seconds: Int64
    private let keysMax: Int
    private var records: [Key: Record] = [:]
    /// In the order of their beginning, which is that of their end.
    private var order: [Key] = []
    private var head = 0

    init(seconds: Int64, keysMax: Int) {
        self.seconds = seconds
        self.keysMax = keysMax
    }

    var count: Int { records.count }

    /// Where the first append with this key stands.
    func position(_ key: String, in channel: String, at now: Instant) -> StreamPosition? {
        guard let record = records[Key(channel: channel, text: key)], now < record.at.advanced(bySeconds: seconds) else { return nil }
        return record.position
    }

    /// Must not be called for a key that ``position(_:in:at:)`` knows.
    mutating func note(_ text: String, in channel: String, _ position: StreamPosition, at now: Instant) {
        // First what has expired, the same key perhaps: nothing may stand in the order twice.
        dropOld(at: now)
        let key = Key(channel: channel, text: text)
        guard records.updateValue(Record(position: position, at: now), forKey: key) == nil else { return }
        order.append(key)
        if records.count > keysMax { dropOld(at: now) }
    }

    private mutating func dropOld(at now: Instant) {
        while head < order.count, let oldest = records[order[head]] {
            guard records.count > keysMax || now >= oldest.at.advanced(bySeconds: seconds) else { break }
            records[order[head]] = nil
            head += 1
        }
        guard head > 64, head > order.count / 2 else { return }
        order.removeFirst(head)
        head = 0
    }
}
