import Wire

/// Calls an operation of the API for somebody, whatever transport the call came by; implemented by the gateway, used by sessions.
public protocol EndpointCaller: Sendable {
    /// - Parameters:
    ///   - method: an operation's id, such as `gym.reservations.create`.
    ///   - data: `{"key": "<idempotency key>", "request": {...}}`; nil where the client sent none.
    /// - Returns: `{"status": 201, "body": {...}}`, refusals of the operation included.
    /// - Throws: what is wrong with the call itself: ``ProtocolError/methodNotFound``, ``ProtocolError/badRequest``.
    func call(_ caller: SignedInCaller, method: String, data: RawJSON?) async throws(ProtocolError) -> RawJSON
}
