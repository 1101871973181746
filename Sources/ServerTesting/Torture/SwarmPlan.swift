import NIOCore
import Wire

/// What the clients of a swarm do.
public struct SwarmPlan: Sendable {
    /// How often a client loses its network, and for how long. Each client begins at another point of its own first interval.
    public struct Rhythm: Hashable, Sendable {
        public let interval: TimeAmount
        public let offline: TimeAmount

        public init(interval: TimeAmount, offline: TimeAmount) {
            self.interval = interval
            self.offline = offline
        }
    }

    /// How a client takes what is sent to it.
    public enum Reading: Hashable, Sendable {
        case eager
        /// One read of the socket in so much time.
        case slow(pause: TimeAmount)
        /// Nothing, once it has subscribed.
        case stopped
    }

    public var count: Int
    /// What each client watches, all of them the same.
    public var channels: [String]
    public var token: String
    /// Where every client begins; a channel without a position begins at its top.
    public var positions: [String: StreamPosition] = [:]
    public var rhythm: Rhythm?
    public var reading = Reading.eager
    /// The system's receive buffer of each client; a small one lets the server feel a slow reader early.
    public var receiveBufferBytes: Int?
    /// Decides at which moment each client's first interval begins.
    public var seed: UInt64 = 1
    /// Connection attempts under way on one event loop; more would only fill the queue of the listening socket.
    public var attemptsMax = 400

    public init(count: Int, channels: [String], token: String) {
        self.count = count
        self.channels = channels
        self.token = token
    }
}

/// What a swarm has seen, all clients together.
public struct SwarmTally: Hashable, Sendable {
    /// Publications that came in their place.
    public var delivered = 0
    /// Those of them that came with a resumption.
    public var recovered = 0
    /// Publications that had come before.
    public var duplicates = 0
    /// Publications that were missing when a later one came.
    public var gaps = 0
    /// Subscriptions that began again where they had stopped, and for which the server had everything.
    public var resumes = 0
    /// Those for which it had not.
    public var notRecovered = 0
    /// Upgrades that were refused.
    public var refusals = 0
    /// Close codes of the server, by how often they came.
    public var closes: [UInt16: Int] = [:]
    /// Clients that have everything subscribed now.
    public var live = 0

    static func + (left: SwarmTally, right: SwarmTally) -> SwarmTally {
        var sum = left
        sum.delivered += right.delivered
        sum.recovered += right.recovered
        sum.duplicates += right.duplicates
        sum.gaps += right.gaps
        sum.resumes += right.resumes
        sum.notRecovered += right.notRecovered
        sum.refusals += right.refusals
        sum.closes.merge(right.closes, uniquingKeysWith: +)
        sum.live += right.live
        return sum
    }
}
