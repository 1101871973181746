import Core
import Storage
import Wire

/// The rules of sports centres.
struct SportVenueService: Sendable {
    let database: Database

    func list(_ request: ListSportVenues, in context: CallContext) async throws -> Page<SportVenue> {
        let limit = request.limit ?? Page<SportVenue>.limitDefault
        return Page(try await database.read { try $0.sportVenues(request, limit: limit + 1) }, limit: limit) { $0.id.rawValue }
    }

    func read(_ request: ReadSportVenue, in context: CallContext) async throws -> SportVenue {
        guard let found = try await database.read({ try $0.sportVenue(request.id) }) else { throw SportVenueError.notFound }
        return found
    }

    func create(_ request: CreateSportVenue, in context: CallContext) async throws -> SportVenue {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let created = try tx.insertSportVenue(request)
            try tx.audit("sport_venue.created", "sport_venue:\(created.id)", after: created)
            return created
        }
    }

    func update(_ request: UpdateSportVenue, in context: CallContext) async throws -> SportVenue {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let before = try tx.lockedSportVenue(request.id)
            guard let after = try tx.updateSportVenue(request) else { throw SportVenueError.notFound }
            try tx.audit("sport_venue.updated", "sport_venue:\(after.id)", before: before, after: after)
            return after
        }
    }

    /// - Throws: ``SportVenueError/inUse`` while venues belong to it.
    func delete(_ request: DeleteSportVenue, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            guard let before = try tx.lockedSportVenue(request.id) else { throw SportVenueError.notFound }
            guard try !tx.hasVenues(request.id) else { throw SportVenueError.inUse }
            try tx.deleteSportVenue(request.id)
            try tx.audit("sport_venue.deleted", "sport_venue:\(request.id)", before: before)
            return NoContent()
        }
    }
}

/// What can be wrong with a request about a sports centre.
enum SportVenueError: String, DomainError {
    case notFound = "sport_venue.not_found"
    case inUse = "sport_venue.in_use"

    var kind: ErrorKind { self == .notFound ? .notFound : .conflict }

    var detail: String {
        switch self {
        case .notFound: "There is no such sports centre."
        case .inUse: "Venues belong to this sports centre; remove them first."
        }
    }
}
