/// What a proxy has done to its connections: a run in which nothing went wrong has shown nothing.
public struct FaultTally: Hashable, Sendable {
    /// Connections that reached the server.
    public internal(set) var links = 0
    /// Those that found no server.
    public internal(set) var unanswered = 0
    public internal(set) var cuts = 0
    public internal(set) var stalls = 0
    public internal(set) var holds = 0
    public internal(set) var trickles = 0
    public internal(set) var orphans = 0
    /// Bytes that passed to the server.
    public internal(set) var bytesToServers = 0
    public internal(set) var bytesToClients = 0

    mutating func note(_ action: Fault.Action) {
        switch action {
        case .cut: cuts += 1
        case .stall: stalls += 1
        case .hold: holds += 1
        case .trickle: trickles += 1
        case .orphan: orphans += 1
        }
    }

    /// Whether each kind of fault has struck at least once.
    public var isComplete: Bool { [cuts, stalls, holds, trickles, orphans].allSatisfy { $0 > 0 } }
}
