import Core
import Wire

/// A connection as its event loop's shard knows it: something to find by its user, to drain and to close.
protocol HubConnection: AnyObject {
    /// Who has signed in; nil before that.
    var caller: SignedInCaller? { get }
    func close(_ reason: Disconnect)
    /// The server is going away: to be closed with ``Disconnect/shutdown`` when that second has come.
    func drain(at second: Int)
}
