import Wire

/// Why somebody may not do what was asked.
public enum AccessRefusal: Error, Hashable, Sendable {
    /// The command is answered with it, the connection goes on.
    case error(ProtocolError)
    /// The connection ends.
    case close(Disconnect)

    /// What ends a connection that stands: where a newer token helps, the client comes back with one.
    var ending: Disconnect {
        switch self {
        case .error: .stateInvalidated
        case .close(let reason): reason
        }
    }
}
