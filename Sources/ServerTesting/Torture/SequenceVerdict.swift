/// What a client heard of a channel, held against the channel's log: it must be the same, entry for entry.
public struct SequenceVerdict: Hashable, Sendable, CustomStringConvertible {
    /// Logged, and never heard.
    public private(set) var missing = 0
    /// Heard more than once.
    public private(set) var duplicates = 0
    /// Heard after a later one.
    public private(set) var disordered = 0
    /// Heard, and in no log; or with another event's place.
    public private(set) var invented = 0
    /// Where the two first differ; nil where they do not.
    public private(set) var firstDifference: Int?

    /// - Parameter log: what had to be heard, in its order.
    public init(heard: [SequenceEntry], log: [SequenceEntry]) {
        guard heard != log else { return }
        let logged = Set(log)
        var seen: Set<SequenceEntry> = []
        var last: UInt64 = 0
        for entry in heard {
            guard logged.contains(entry) else {
                invented += 1
                continue
            }
            if !seen.insert(entry).inserted { duplicates += 1 } else if entry.offset < last { disordered += 1 }
            last = max(last, entry.offset)
        }
        missing = logged.count - seen.count
        firstDifference = zip(heard, log).firstIndex { $0 != $1 } ?? min(heard.count, log.count)
    }

    public var isFlawless: Bool { firstDifference == nil }

    public var description: String {
        guard let firstDifference else { return "flawless" }
        return "\(missing) missing, \(duplicates) twice, \(disordered) out of order, \(invented) invented, first at \(firstDifference)"
    }
}

extension Sequence {
    fileprivate func firstIndex(where holds: (Element) -> Bool) -> Int? {
        enumerated().first { holds($0.element) }?.offset
    }
}
