/// The answer to the command with the same id.
public struct Reply: Hashable, Sendable {
    public let id: UInt32
    public let body: Body

    public init(id: UInt32, body: Body) {
        self.id = id
        self.body = body
    }

    public enum Body: Hashable, Sendable {
        case error(ProtocolError)
        case connect(ConnectResult)
        case subscribe(SubscribeResult)
        case unsubscribe
        case publish
        case presence(PresenceResult)
        case presenceStats(PresenceStatsResult)
        case history(HistoryResult)
        case ping
        case rpc(RPCResult)
        case refresh(RefreshResult)
        case subRefresh(SubRefreshResult)
    }
}
