import DequeModule
import NIOCore
import Wire

/// What a node has still to tell anew of who is where, as a pure state machine: channel by channel, the large ones in parts.
struct PresenceRound {
    struct Part {
        let channel: String
        /// By the connections' names, encoded.
        let clients: [(name: String, info: ByteBuffer)]
        /// Whether nobody of the channel is left.
        let isLast: Bool
    }

    /// Bytes of a part; somebody whose entry is longer goes alone.
    static let partBytesMax = 262_144

    private var waiting = Deque<String>()
    private var current: (channel: String, clients: ArraySlice<ClientInfo>)?

    var isOver: Bool { waiting.isEmpty && current == nil }

    mutating func begin(_ channels: [String]) {
        waiting = Deque(channels)
        current = nil
    }

    /// The same until it is said to be ``written(_:)``.
    ///
    /// - Parameter clients: who is in a channel; asked once for each.
    mutating func nextPart(_ clients: (_ channel: String) -> [ClientInfo]) -> Part? {
        while current == nil, let channel = waiting.popFirst() {
            let present = clients(channel)
            if !present.isEmpty { current = (channel, present[...]) }
        }
        guard let current else { return nil }
        var encoded: [(String, ByteBuffer)] = []
        var bytes = 0
        for client in current.clients {
            var info = ByteBuffer()
            info.writeClient(client)
            bytes += client.client.utf8.count + info.readableBytes
            guard encoded.isEmpty || bytes <= Self.partBytesMax else { break }
            encoded.append((client.client, info))
        }
        return Part(channel: current.channel, clients: encoded, isLast: encoded.count == current.clients.count)
    }

    mutating func written(_ part: Part) {
        current = part.isLast ? nil : current.map { ($0.channel, $0.clients.dropFirst(part.clients.count)) }
    }
}
