/// Something that goes wrong between a client and its server once so many bytes have passed.
public struct Fault: Hashable, Sendable {
    /// Which way the bytes go that are counted.
    public enum Direction: Hashable, Sendable, CaseIterable {
        case toServer, toClient
    }

    /// How a connection is ended on both of its sides.
    public enum Ending: Hashable, Sendable, CaseIterable {
        /// With an RST, as a process dies or a middlebox forgets.
        case reset
        /// With a FIN, as a program leaves.
        case finish
    }

    public enum Action: Hashable, Sendable {
        case cut(Ending)
        /// Nothing passes for so many turns of the event loop, in neither direction; then the connection is cut, and what was on its way
        /// is lost.
        case stall(turns: Int, Ending)
        /// What goes this way waits for so many turns of the event loop.
        case hold(turns: Int)
        /// The next bytes that go this way come one by one, each in a turn of its own.
        case trickle(bytes: Int)
        /// The client's side is cut at once, and the server hears of it only so many turns later, as of a phone that left the network: its
        /// old connection still lives when the new one resumes.
        case orphan(turns: Int)
    }

    public let direction: Direction
    /// The fault comes as soon as this many bytes have passed, from the connection's first byte on.
    public let offset: Int
    public let action: Action

    public init(_ direction: Direction, at offset: Int, _ action: Action) {
        self.direction = direction
        self.offset = offset
        self.action = action
    }
}
