import Synchronization
import Wire

/// Who is in which channel of this process, over all event loops. Touched when somebody comes, goes or asks, never when something is
/// delivered.
final class PresenceRegistry: Sendable {
    private let channels = Mutex<[String: ChannelPresence]>([:])
    private let clientsMax: Int

    /// - Parameter clientsMax: connections shown in one channel; whoever comes when it is full gets everything and is not shown.
    init(clientsMax: Int) {
        self.clientsMax = clientsMax
    }

    func join(_ info: ClientInfo, to channel: String) -> ChannelPresence.Arrival {
        channels.withLock { $0[channel, default: ChannelPresence()].join(info, clientsMax: clientsMax) }
    }

    func leave(_ channel: String, client: String, mayReturn: Bool) -> ChannelPresence.Departure {
        change(channel) { $0.leave(client: client, mayReturn: mayReturn) } ?? .unknown
    }

    /// - Returns: as ``ChannelPresence/expire(client:)``.
    func expire(_ channel: String, client: String) -> ClientInfo? {
        change(channel) { $0.expire(client: client) } ?? nil
    }

    func clients(of channel: String) -> [String: ClientInfo] {
        channels.withLock { $0[channel]?.clients ?? [:] }
    }

    func counts(of channel: String) -> PresenceStatsResult {
        channels.withLock { channels in
            let presence = channels[channel]
            return PresenceStatsResult(
                clientCount: UInt32(clamping: presence?.clients.count ?? 0), userCount: UInt32(clamping: presence?.userCount ?? 0)
            )
        }
    }

    private func change<Value>(_ channel: String, _ body: (inout ChannelPresence) -> Value) -> Value? {
        channels.withLock { channels in
            guard var presence = channels.removeValue(forKey: channel) else { return nil }
            defer { if !presence.isEmpty { channels[channel] = presence } }
            return body(&presence)
        }
    }
}
