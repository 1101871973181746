import Client
import Wire

/// A live subscription of a test, read event by event.
public struct Watch: Sendable {
    public let connection: LiveConnection
    public let channel: String
    public let subscription: Client.Subscription

    /// - Parameter subscription: what the connection has subscribed to, and nobody else reads.
    public init(connection: LiveConnection, channel: String, subscription: Client.Subscription) {
        self.connection = connection
        self.channel = channel
        self.subscription = subscription
    }

    /// The next event of the channel, decoded; waits for it.
    ///
    /// - Throws: ``WatchError/unexpected(_:)`` for an event of another type.
    public func next<E: Event>(_ type: E.Type = E.self) async throws -> E {
        let publication = try await nextPublication()
        let head = try publication.data.decode(EventHead.self)
        guard head.type == E.type else { throw WatchError.unexpected(head.type) }
        return try publication.data.decode(EventEnvelope<E>.self).data
    }

    /// The next publication of the channel, whatever it says; pushes of other channels are passed over.
    public func nextPublication() async throws -> Publication {
        for try await push in connection.pushes where push.channel == channel {
            if case .publication(let publication) = push.body { return publication }
            throw WatchError.unexpected("\(push.body)")
        }
        throw WatchError.ended
    }

    /// Whether nothing has been told that has not been read: the answer to a command sent now comes behind everything the server had to say,
    /// and the channel's top is still where this watch stands.
    public func isQuiet(at position: StreamPosition?) async throws -> Bool {
        try await top() == position
    }

    /// The channel's newest position.
    public func top() async throws -> StreamPosition {
        let history = try await connection.history(channel)
        return StreamPosition(epoch: history.epoch, offset: history.offset)
    }

    /// Reads up to and including an offset and hands over what is read.
    public func read(through offset: UInt64) async throws -> [Publication] {
        var read = subscription.missed
        while (read.last?.offset ?? subscription.position?.offset ?? 0) < offset { read.append(try await nextPublication()) }
        return read
    }
}

/// Why a watch did not give what was asked.
public enum WatchError: Error {
    case unexpected(String)
    case ended
}
