/// What the server tells without being asked.
public struct Push: Hashable, Sendable {
    /// Empty when the push concerns the connection and no channel (``Body/message(_:)``, ``Body/connect(_:)``, ``Body/disconnect(_:)``,
    /// ``Body/refresh(_:)``).
    public let channel: String
    public let body: Body

    public init(channel: String = "", body: Body) {
        self.channel = channel
        self.body = body
    }

    public enum Body: Hashable, Sendable {
        case publication(Publication)
        case join(ClientInfo)
        case leave(ClientInfo)
        /// The server ended the subscription.
        case unsubscribe(Unsubscription)
        /// The server began a subscription.
        case subscribe(SubscribePush)
        /// A message outside of any channel.
        case message(RawJSON)
        /// The connection stands; what a reply says elsewhere, on transports where a client cannot ask (unidirectional ones).
        case connect(ConnectResult)
        /// Why the connection ends, on transports without a close frame (SSE, HTTP stream).
        case disconnect(Disconnect)
        /// The connection lives longer than it was told.
        case refresh(RefreshPush)
    }
}
