import Core

/// The newest entries of a channel, without holes. Dropping the oldest one costs the same however many there are.
struct KeptEntries {
    private var slots: [LogEntry?] = []
    private var head = 0
    private(set) var bytes = 0

    var count: Int { slots.count - head }
    var isEmpty: Bool { count == 0 }
    var first: LogEntry? { isEmpty ? nil : slots[head] }

    /// - Parameter entry: one offset after the last.
    mutating func append(_ entry: LogEntry) {
        slots.append(entry)
        bytes += entry.keptBytes
    }

    mutating func dropOldest() {
        guard let entry = first else { return }
        bytes -= entry.keptBytes
        // Its memory goes now, its slot when enough of them are free.
        slots[head] = nil
        head += 1
        guard head > 32, head > slots.count / 2 else { return }
        slots.removeFirst(head)
        head = 0
    }

    mutating func removeAll() { self = KeptEntries() }

    /// Entries beyond an offset, oldest first.
    func forward(after offset: UInt64?, limit: Int) -> [LogEntry] {
        guard let first = first?.offset else { return [] }
        let skipped = offset.map { $0 < first ? 0 : min(UInt64(count), $0 - first + 1) } ?? 0
        return slots[(head + Int(skipped))...].prefix(limit).compactMap(\.self)
    }

    /// Entries before an offset, newest first.
    func backward(before offset: UInt64?, limit: Int) -> [LogEntry] {
        guard let first = first?.offset else { return [] }
        let kept = offset.map { $0 <= first ? 0 : min(UInt64(count), $0 - first) } ?? UInt64(count)
        return slots[head..<head + Int(kept)].suffix(limit).reversed().compactMap(\.self)
    }
}

extension LogEntry {
    /// What holding on to it costs, about.
    var keptBytes: Int {
        let author = info.map { info in
            [info.connInfo, info.chanInfo].reduce(info.user.utf8.count + info.client.utf8.count) { $0 + ($1?.bytes.count ?? 0) }
        }
        return data.bytes.count + tags.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } + (author ?? 0) + 160
    }
}
