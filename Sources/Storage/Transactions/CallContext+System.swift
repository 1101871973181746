import Core

extension CallContext {
    /// For what the storage does on its own account.
    static func system(requestID: String) -> CallContext {
        CallContext(caller: .anonymous, transport: .system, requestID: requestID)
    }
}
