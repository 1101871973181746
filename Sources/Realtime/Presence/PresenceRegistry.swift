import Synchronization
import Wire

/// Who is in which channel of this process, over all event loops. Touched when somebody comes, goes or asks, never when something is
/// delivered.
final class PresenceRegistry: Sendable {
    private let channels = Mutex<[String: ChannelPresence]>([:])
    private let clientsMax: Int
    private let roster: (any ClusterRoster)?

    /// - Parameters:
    ///   - clientsMax: connections shown in one channel; whoever comes when it is full gets everything and is not shown.
    ///   - roster: tells the other nodes.
    init(clientsMax: Int, roster: (any ClusterRoster)? = nil) {
        self.clientsMax = clientsMax
        self.roster = roster
    }

    func join(_ info: ClientInfo, to channel: String) -> ChannelPresence.Arrival {
        let (arrival, replaced) = channels.withLock { channels in
            let replaced = channels[channel]?.heldPlace(for: info)
            return (channels[channel, default: ChannelPresence()].join(info, clientsMax: clientsMax), replaced)
        }
        guard let roster, arrival != .full else { return arrival }
        if let replaced, replaced != info.client { roster.disappeared(client: replaced, from: channel) }
        roster.appeared(info, in: channel)
        return arrival
    }

    /// - Parameter hold: as for ``ChannelPresence/leave(client:hold:)``.
    func leave(_ channel: String, client: String, hold: Int?) -> ChannelPresence.Departure {
        let departure = change(channel) { $0.leave(client: client, hold: hold) } ?? .unknown
        if case .left = departure { roster?.disappeared(client: client, from: channel) }
        return departure
    }

    /// - Returns: as ``ChannelPresence/expire(client:hold:)``.
    func expire(_ channel: String, client: String, hold: Int) -> ClientInfo? {
        let gone = change(channel) { $0.expire(client: client, hold: hold) } ?? nil
        if gone != nil { roster?.disappeared(client: client, from: channel) }
        return gone
    }

    /// Channels in which somebody is shown.
    var channelNames: [String] { channels.withLock { Array($0.keys) } }

    func clients(of channel: String) -> [String: ClientInfo] {
        channels.withLock { $0[channel]?.clients ?? [:] }
    }

    func counts(of channel: String) -> PresenceStatsResult {
        channels.withLock { PresenceStatsResult(counting: $0[channel]?.clients ?? [:]) }
    }

    private func change<Value>(_ channel: String, _ body: (inout ChannelPresence) -> Value) -> Value? {
        channels.withLock { channels in
            guard var presence = channels.removeValue(forKey: channel) else { return nil }
            defer { if !presence.isEmpty { channels[channel] = presence } }
            return body(&presence)
        }
    }
}
