/// How everything in Redis is called. Channels of Redis know no databases, so their names do.
struct RedisNames: Sendable {
    /// Channels of Redis that events are spread over by channel of ours: a Redis with several shards of its own can spread them, too.
    static let shards = 16

    let node: String
    private let prefix: String

    init(database: Int, node: String) {
        self.node = node
        prefix = "ringside:\(database)"
    }

    func shard(of channel: String) -> String { "\(prefix):events:\(Self.hash(channel) % UInt64(Self.shards))" }
    var everyShard: [String] { (0..<Self.shards).map { "\(prefix):events:\($0)" } }
    /// What is meant for one node alone.
    func mailbox(of node: String) -> String { "\(prefix):node:\(node)" }

    /// The names of all nodes; one that died stands there for a while.
    var nodes: String { "\(prefix):nodes" }
    /// Is there for as long as the node lives.
    func life(of node: String) -> String { "\(prefix):life:\(node)" }
    func presence(of channel: String, on node: String) -> String { "\(prefix):presence:\(node):\(channel)" }
    func connections(on node: String) -> String { "\(prefix):connections:\(node)" }
    func bucket(_ key: String) -> String { "\(prefix):bucket:\(key)" }

    /// FNV-1a, 64 bits: the same on every node, which `Hasher` is not.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
