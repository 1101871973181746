import Core
import Storage
import Wire

/// The rules of displays' links: they are the administrators'.
struct DisplayService: Sendable {
    let database: Database

    /// - Throws: ``RoomError/notFound``.
    func create(_ request: CreateDisplayLink, in context: CallContext) async throws -> DisplayLink {
        try context.caller.administrator()
        return try await database.writeUnrecorded(by: context) { tx in
            try tx.lock("SELECT id FROM room WHERE id = \(request.id)")
            guard try tx.room(request.id) != nil else { throw RoomError.notFound }
            try tx.endDisplay(of: request.id)
            let secret = LinkSecret(randomBytes: tx.randomBytes)
            try tx.insertDisplay(of: request.id, secret)
            try tx.audit("room_display.created", "room:\(request.id)")
            return DisplayLink(path: "\(RoomDisplays.path(of: request.id))#\(secret.text)", createdAt: Timestamp(tx.now))
        }
    }

    /// - Throws: ``DisplayError/notFound``.
    func read(_ request: ReadDisplayLink, in context: CallContext) async throws -> DisplayLinkState {
        try context.caller.administrator()
        return try await database.read { snapshot in
            guard let display = try snapshot.display(of: request.id) else { throw DisplayError.notFound }
            return DisplayLinkState(createdAt: Timestamp(display.createdAt))
        }
    }

    /// - Throws: ``DisplayError/notFound``.
    func revoke(_ request: RevokeDisplayLink, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            guard try tx.endDisplay(of: request.id) else { throw DisplayError.notFound }
            try tx.audit("room_display.revoked", "room:\(request.id)")
            return NoContent()
        }
    }
}
