import DequeModule
import NIOCore
import Wire

/// What a node has still to tell anew of who is where, as a pure state machine: channel by channel, the large ones in parts.
struct PresenceRound {
    struct Part {
        let channel: String
        /// By the connections' names, encoded; nobody where all have left meanwhile.
        let clients: [(name: String, info: ByteBuffer)]
        /// Who follows in later parts.
        fileprivate let rest: ArraySlice<String>

        /// Whether nobody of the channel is left.
        var isLast: Bool { rest.isEmpty }
    }

    /// Bytes of a part; somebody whose entry is longer goes alone.
    static let partBytesMax = 262_144

    private var waiting = Deque<String>()
    private var current: (channel: String, names: ArraySlice<String>)?

    var isOver: Bool { waiting.isEmpty && current == nil }

    mutating func begin(_ channels: [String]) {
        waiting = Deque(channels)
        current = nil
    }

    /// The next one, as things are now; the same people until it is said to be ``written(_:)``.
    ///
    /// - Parameter clients: who is in a channel, by the connections' names.
    mutating func nextPart(_ clients: (_ channel: String) -> [String: ClientInfo]) -> Part? {
        while current == nil, let channel = waiting.popFirst() {
            let names = Array(clients(channel).keys)
            if !names.isEmpty { current = (channel, names[...]) }
        }
        guard let current else { return nil }
        let present = clients(current.channel)
        var encoded: [(String, ByteBuffer)] = []
        var rest = current.names
        var bytes = 0
        while let name = rest.first {
            if let client = present[name] {
                let info = RedisRoster.encoded(client)
                bytes += name.utf8.count + info.readableBytes
                guard encoded.isEmpty || bytes <= Self.partBytesMax else { break }
                encoded.append((name, info))
            }
            rest.removeFirst()
        }
        return Part(channel: current.channel, clients: encoded, rest: rest)
    }

    mutating func written(_ part: Part) {
        current = part.isLast ? nil : (part.channel, part.rest)
    }
}
