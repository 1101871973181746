import NIOCore

/// The bounds of every WebSocket connection. Each value names its unit; all have defaults that suit the open internet.
struct WebSocketConfiguration: Sendable {
    init() {}

    /// A longer message closes the connection with 1009.
    var messageBytesMax = 65_536

    /// More frames in one message close the connection with 1008.
    var fragmentsMax = 1_024

    /// Whether compression (RFC 7692) is granted to clients that offer it.
    var deflates = true

    /// Bytes accepted for a peer but not yet handed to the kernel. More close the connection with 3008 "slow"; control frames always fit.
    var queueBytesMax = 1_048_576

    /// How long the peer may take to answer a close frame, and the queue to drain, before the TCP connection is closed anyway.
    var closeTimeout = TimeAmount.seconds(5)

    /// How long the kernel may take nothing from a queue that is not empty.
    var stallTimeout = TimeAmount.seconds(10)

    /// Whether frames may be written on the socket itself, past the pipeline. Must be false when a handler changes the bytes (TLS).
    var sendsDirectly = true

    /// The size of a read. Small, because every idle connection keeps one such buffer.
    var receiveBufferBytes = 512

    /// The head of the first request of a connection; a longer one is answered with 431.
    var headBytesMax = 32_768

    /// How long an accepted connection may take to complete its first request head. Then it is closed, without an answer.
    var headTimeout = TimeAmount.seconds(10)

    /// How long the decision about an upgrade may take. Then it is refused with 503.
    var decisionTimeout = TimeAmount.seconds(10)
}
