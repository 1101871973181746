/// Why a client gave up, where the server did not say it.
public enum ClientError: Error, Hashable, Sendable {
    /// The server answered the upgrade with something else than 101.
    case upgradeRefused(status: Int)
    /// Nothing came within the time limit.
    case timedOut
    /// The other side ended the connection before what was read for had come.
    case endOfStream
    /// More came than anybody took, or than was to be read; the connection was cut rather than anything dropped in silence.
    case overflowed(limit: Int)
    /// A reply of another kind than the command's, or a message that is not of the protocol.
    case unexpectedMessage
    /// A resumed subscription could not connect so many times in a row.
    case unreachable(attempts: Int)
}
