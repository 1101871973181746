import Accounts
import Core
import Storage
import Wire

/// The rules of calendars' addresses: a person's is the person's affair, a room's the administrators'.
struct FeedService: Sendable {
    let database: Database

    func createOwn(_: CreateOwnFeed, in context: CallContext) async throws -> FeedAddress {
        let caller = try context.caller.signedIn()
        return try await database.writeUnrecorded(by: context) { tx in
            // One at a time, and nobody who is being deleted.
            try tx.lock("SELECT id FROM account WHERE id = \(caller.userID)")
            guard try tx.username(of: caller.userID) != nil else { throw AuthenticationError.ended }
            return try create(.person(caller.userID), tx)
        }
    }

    /// - Throws: ``FeedError/notFound``.
    func readOwn(_: ReadOwnFeed, in context: CallContext) async throws -> FeedState {
        try await read(.person(try context.caller.signedIn().userID))
    }

    /// - Throws: ``FeedError/notFound``.
    func revokeOwn(_: RevokeOwnFeed, in context: CallContext) async throws -> NoContent {
        let caller = try context.caller.signedIn()
        return try await database.write(for: context) { tx in try revoke(.person(caller.userID), tx) }
    }

    /// - Throws: ``RoomError/notFound``.
    func createForRoom(_ request: CreateRoomFeed, in context: CallContext) async throws -> FeedAddress {
        try context.caller.administrator()
        return try await database.writeUnrecorded(by: context) { tx in
            try tx.lock("SELECT id FROM room WHERE id = \(request.id)")
            guard try tx.room(request.id) != nil else { throw RoomError.notFound }
            return try create(.room(request.id), tx)
        }
    }

    /// - Throws: ``FeedError/notFound``.
    func readForRoom(_ request: ReadRoomFeed, in context: CallContext) async throws -> FeedState {
        try context.caller.administrator()
        return try await read(.room(request.id))
    }

    /// - Throws: ``FeedError/notFound``.
    func revokeForRoom(_ request: RevokeRoomFeed, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in try revoke(.room(request.id), tx) }
    }

    private func create(_ subject: FeedSubject, _ tx: Transaction) throws -> FeedAddress {
        let secret = LinkSecret(randomBytes: tx.randomBytes)
        try tx.deleteFeed(of: subject)
        try tx.insertFeed(of: subject, secret)
        try tx.audit("calendar_feed.created", subject.name)
        let path = "\(CalendarFeeds.path)/\(secret.text)\(CalendarFeeds.Form.calendar.rawValue)"
        return FeedAddress(path: path, createdAt: Timestamp(tx.now))
    }

    private func read(_ subject: FeedSubject) async throws -> FeedState {
        try await database.read { snapshot in
            guard let feed = try snapshot.feed(of: subject) else { throw FeedError.notFound }
            return FeedState(createdAt: Timestamp(feed.createdAt))
        }
    }

    private func revoke(_ subject: FeedSubject, _ tx: Transaction) throws -> NoContent {
        guard try tx.deleteFeed(of: subject) else { throw FeedError.notFound }
        try tx.audit("calendar_feed.revoked", subject.name)
        return NoContent()
    }
}
