import Wire

/// Why somebody may not do what was asked.
public enum AccessRefusal: Error, Hashable, Sendable {
    /// The command is answered with it, the connection goes on.
    case error(ProtocolError)
    /// The connection ends.
    case close(Disconnect)
}
