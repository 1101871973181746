/// What a client asks, one message of the Centrifuge client protocol v2.
public struct Command: Hashable, Sendable {
    /// Chosen by the client and repeated in the reply; zero for what is not answered (``Request/send(_:)``, ``Request/pong``).
    public let id: UInt32
    public let request: Request

    public init(id: UInt32, request: Request) {
        self.id = id
        self.request = request
    }

    public enum Request: Hashable, Sendable {
        /// The first command of every connection.
        case connect(ConnectRequest)
        case subscribe(SubscribeRequest)
        case unsubscribe(UnsubscribeRequest)
        case publish(PublishRequest)
        case presence(PresenceRequest)
        case presenceStats(PresenceStatsRequest)
        case history(HistoryRequest)
        /// Clients do not ping, the server does; refused with ``ProtocolError/notAvailable``.
        case ping
        /// A message without an answer.
        case send(SendRequest)
        case rpc(RPCRequest)
        /// A newer connection token.
        case refresh(RefreshRequest)
        /// A newer subscription token.
        case subRefresh(SubRefreshRequest)
        /// The answer to a ping of the server: an id of zero and nothing else.
        case pong

        /// Whether a reply will name the command's id, which then may not be zero.
        public var isAnswered: Bool {
            switch self {
            case .send, .pong: false
            default: true
            }
        }
    }
}
