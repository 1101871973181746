/// What a client can hear.
public enum ServerMessage: Hashable, Sendable {
    case reply(Reply)
    case push(Push)
    /// To be answered with ``Command/Request/pong`` when the connect result asks for it.
    case ping
}
