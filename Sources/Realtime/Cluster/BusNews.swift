import Core
import Wire

/// One thing that a node tells the others.
public enum BusNews: Sendable {
    /// It stands in the log.
    case committed(CommittedEvent)
    /// So does something on a system channel. What it is the log says: nobody obeys the bus.
    case moved(channel: String)
    /// Nobody keeps it: whoever listens now hears it.
    case publication(Publication, channel: String)
    case joined(ClientInfo, channel: String)
    case left(ClientInfo, channel: String)

    var channel: String {
        switch self {
        case .committed(let event): event.channel
        case .moved(let channel), .publication(_, let channel), .joined(_, let channel), .left(_, let channel): channel
        }
    }
}

/// What goes over the bus at once.
struct BusMessage: Sendable {
    enum Body: Sendable {
        case news([BusNews])
        /// For one session of the node that listens there.
        case commands([UInt8], session: String)
    }

    /// Who says it: a node does not listen to itself.
    let node: String
    let body: Body
}
