/// Calls a method of the server.
public struct RPCRequest: Hashable, Sendable {
    public var method: String
    public var data: RawJSON?

    public init(method: String, data: RawJSON? = nil) {
        self.method = method
        self.data = data
    }
}

/// What the method answered.
public struct RPCResult: Hashable, Sendable {
    public var data: RawJSON?

    public init(data: RawJSON? = nil) {
        self.data = data
    }
}

/// A message to the server that has no answer.
public struct SendRequest: Hashable, Sendable {
    public var data: RawJSON?

    public init(data: RawJSON? = nil) {
        self.data = data
    }
}
