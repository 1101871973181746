import NIOCore
import Wire

/// How a live connection behaves; the defaults suit a well-behaved client.
public struct LiveConfiguration: Sendable {
    /// The form of the protocol: JSON, or Protobuf as the clients of iOS, Android and Flutter speak it.
    public var codec: any ServerCodec = JSONClientCodec()
    /// Pushes that wait for their reader. When full the connection is cut and ``LiveConnection/pushes`` fails with
    /// ``ClientError/overflowed(limit:)``: a client that loses a push in silence would be worse than none.
    public var pushesMax = 65_536
    /// The largest message that is read, all its fragments together.
    public var messageBytesMax = 16 << 20
    /// How long a command waits for its reply, and a close for the other side's.
    public var replyTimeLimit = TimeAmount.seconds(30)
    /// Whether pings of the protocol are answered where the server asks for it.
    public var answersPings = true
    /// The socket's receive buffer; a small one makes a slow reader visible to the server early. Nil leaves it to the system.
    public var receiveBufferBytes: Int?
    /// Encrypts the connection; nil speaks plainly.
    public var tls: ClientTLS?

    public init() {}
}
