import Client
import ServerTesting
import Wire

/// Keeps a view current over any number of connections and demands that every event come exactly once.
struct ViewFollower<View: LiveView>: Sendable {
    private let id: Int64
    private let user: TestUser
    private(set) var view: View
    private var connection: LiveConnection

    /// Reads a snapshot and subscribes from its position on.
    init(_: View.Type, of id: Int64, by user: TestUser) async throws {
        self.id = id
        self.user = user
        view = try await View.read(of: id, by: user)
        connection = try await user.connect(since: [view.channel: view.position])
        try await subscribe()
    }

    /// Drops the connection as a lost network does, and takes up where the view stopped.
    mutating func resume() async throws {
        connection.cut()
        connection = try await user.connect(since: [view.channel: view.position])
        try await subscribe()
    }

    /// Applies what has come until the view is as new as a fresh snapshot, which it answers.
    mutating func catchUp() async throws -> View {
        let fresh = try await View.read(of: id, by: user)
        guard view.position.offset < fresh.position.offset else { return fresh }
        for try await push in connection.pushes where push.channel == view.channel {
            guard case .publication(let publication) = push.body else { throw ViewFollowerError.unsubscribed("\(push.body)") }
            try apply(publication)
            if view.position.offset >= fresh.position.offset { return fresh }
        }
        throw ViewFollowerError.unsubscribed("the connection ended")
    }

    private mutating func subscribe() async throws {
        // The server subscribes everybody to the personal channel by itself.
        if let personal = connection.established?.subs[view.channel] {
            guard personal.recovered else { throw ViewFollowerError.notRecovered }
            for publication in personal.publications { try apply(publication) }
        } else {
            let subscription = try await connection.subscribe(view.channel, since: view.position)
            guard subscription.recovered else { throw ViewFollowerError.notRecovered }
            for publication in subscription.missed { try apply(publication) }
        }
    }

    private mutating func apply(_ publication: Publication) throws {
        guard publication.offset == view.position.offset + 1 else {
            throw ViewFollowerError.outOfOrder(expected: view.position.offset + 1, found: publication.offset)
        }
        try view.apply(publication.data)
        view.position = StreamPosition(epoch: view.position.epoch, offset: publication.offset)
    }
}

/// What must not happen to somebody who follows a channel.
enum ViewFollowerError: Error {
    case notRecovered
    case outOfOrder(expected: UInt64, found: UInt64)
    case unsubscribed(String)
}
