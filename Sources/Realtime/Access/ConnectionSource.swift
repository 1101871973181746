/// Where a connection comes from, as its transport saw it.
public struct ConnectionSource: Hashable, Sendable {
    /// The peer's address without the port, or its network; nil where there is none. Connections are counted by it.
    public var address: String?
    /// Fields of the request that opened the connection, by lower-case name; only those that a transport passes on.
    public var headers: [String: String]

    public init(address: String? = nil, headers: [String: String] = [:]) {
        self.address = address
        self.headers = headers
    }
}
