import Wire

/// Writes to the log of a channel from outside of a service: the way of the server API and of clients that may publish. In memory for the
/// engine alone, a transaction of its own in `ringside serve`.
public protocol ChannelLog: Sendable {
    /// Appends a publication; whoever watches the channel hears of it by way of ``CommittedEvents`` before this returns.
    ///
    /// - Parameter publication: its offset is not looked at, the log gives it one.
    /// - Returns: where it stands; where the first one stands when the options say that this is a repeat; the channel's top when it was
    ///   suppressed as out of date.
    func append(_ publication: Publication, to channel: String, options: AppendOptions) async throws -> StreamPosition

    /// Removes what is kept of a channel. Its top stays, so that no offset is given out a second time.
    ///
    /// - Returns: the top.
    func remove(channel: String) async throws -> StreamPosition
}

/// What may make an append none.
public struct AppendOptions: Hashable, Sendable {
    /// A second append with the same key in the same channel changes nothing, for some minutes at least.
    public var idempotencyKey: String?
    /// Counts the states of what the channel shows: one that is not newer than the last is suppressed. Zero for no such check.
    public var version: UInt64
    /// The life of the counter; versions of different lives are not compared.
    public var versionEpoch: String

    public init(idempotencyKey: String? = nil, version: UInt64 = 0, versionEpoch: String = "") {
        self.idempotencyKey = idempotencyKey
        self.version = version
        self.versionEpoch = versionEpoch
    }
}
