import Wire

/// Decides who may watch what; implemented by the registered ``WatchRule``s.
public protocol SubscriptionPolicy: Sendable {
    /// - Returns: what the caller may do on the channel.
    /// - Throws: ``ProtocolError/unknownChannel``, ``ProtocolError/permissionDenied``, or ``ProtocolError/internalError``.
    func admit(_ caller: SignedInCaller, to channel: String) async throws(ProtocolError)
}
