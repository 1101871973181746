import Client
import ServerTesting
import Wire

/// What a person is told on the own channel, event by event. The server subscribes everybody to it at connect.
struct Listener {
    private let connection: LiveConnection
    private let channel: String

    init(_ user: TestUser) async throws {
        connection = try await user.connect()
        channel = PersonalChannel(user: user.id).name
    }

    /// The next event, decoded; waits for it.
    func next<E: Event>(_: E.Type = E.self) async throws -> E {
        for try await push in connection.pushes where push.channel == channel {
            guard case .publication(let publication) = push.body else { throw WatchError.unexpected("\(push.body)") }
            let head = try publication.head()
            guard head.type == E.type else { throw WatchError.unexpected(head.type) }
            return try publication.event(E.self).data
        }
        throw WatchError.ended
    }

    /// Where the channel stands.
    func top() async throws -> UInt64 { try await connection.history(channel).offset }
}

extension TestUser {
    /// Hears from now on what concerns this person.
    func listen() async throws -> Listener { try await Listener(self) }
}
