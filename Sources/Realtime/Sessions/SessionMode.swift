/// How a client takes part in its session, which its transport decides.
public enum SessionMode: Sendable {
    /// Commands and pushes on one connection; the client answers pings.
    case bidirectional
    /// The same with pings of the transport in place of the protocol's, for tools that don't speak it.
    case framePings
    /// Pushes on a streamed answer, commands by requests of their own (protocol A.9). A pong would be a request each time, so none is
    /// wanted.
    case emulated
    /// Pushes alone (protocol A.2, `uni_`). The first frame is the connect command, and the last.
    case unidirectional

    var expectsPong: Bool { self == .bidirectional }
}
