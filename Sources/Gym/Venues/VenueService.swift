import Booking
import Core
import Storage
import Wire

/// The rules of venues.
struct VenueService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let windows: Windows
    let cancellations: Cancellations
    let timeZones: any TimeZones

    func list(_ request: ListVenues, in context: CallContext) async throws -> Page<Venue> {
        let limit = request.limit ?? Page<Venue>.limitDefault
        return Page(try await database.read { try $0.venues(request, limit: limit + 1) }, limit: limit) { $0.id.rawValue }
    }

    func read(_ request: ReadVenue, in context: CallContext) async throws -> Venue {
        guard let venue = try await database.read({ try $0.venue(request.id) }) else { throw VenueError.notFound }
        return venue
    }

    /// - Throws: ``VenueError`` for a sports centre, parent or zone that does not exist.
    func create(_ request: CreateVenue, in context: CallContext) async throws -> Venue {
        try context.caller.administrator()
        if let zone = request.timeZone, !timeZones.contains(zone) { throw VenueError.unknownTimeZone }
        return try await database.write(for: context) { tx in
            try requireSportVenue(request.sportVenueID, in: tx)
            // The whole can't go, nor be divided by others, while it gets a part.
            let parent = try request.parentID.map { id in
                guard let candidate = try tx.bookableVenue(id), try occupancy.lock(candidate.resourceID, for: nil, in: tx) != nil,
                    let parent = try tx.bookableVenue(id)
                else { throw VenueError.parentNotFound }
                return parent
            }
            let zone = request.timeZone ?? parent?.venue.timeZone ?? CreateVenue.timeZoneDefault
            let resource = try tx.insertResource(
                kind: .venue, parent: parent?.resourceID, capacity: request.capacity, isExclusive: request.exclusive ?? false,
                timeZone: zone
            )
            let venue = try tx.insertVenue(request, timeZone: zone, resource: resource)
            try tx.setPublicID(venue.id.rawValue, of: resource)
            try tx.emit(CatalogueChanged(), to: SystemChannel.catalogue)
            try tx.audit("venue.created", "venue:\(venue.id)", after: venue)
            return venue
        }
    }

    func update(_ request: UpdateVenue, in context: CallContext) async throws -> Venue {
        try context.caller.administrator()
        return try await database.write(for: context) { try change(request, action: "venue.updated", in: $0) }
    }

    func changeStatus(_ request: ChangeVenueStatus, in context: CallContext) async throws -> Venue {
        try context.caller.administrator()
        let update = UpdateVenue(id: request.id, status: request.status)
        return try await database.write(for: context) { try change(update, action: "venue.status_changed", in: $0) }
    }

    /// Removes the venue, cancels what stands in it and tells the people, in one commit.
    ///
    /// - Throws: ``VenueError/hasParts``.
    func delete(_ request: DeleteVenue, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let (found, resource) = try lock(request.id, in: tx)
            guard try !tx.hasParts(request.id) else { throw VenueError.hasParts }
            try cancellations.clear(
                try tx.standingReservations(in: found.venue.id, endingAfter: nil), because: .venue, on: resource, in: tx)
            for slot in try tx.slots(of: found.venue.id) {
                try tx.detachSlot(slot.id)
                try windows.close(slot.window(of: resource), on: resource, tx)
            }
            try tx.markVenueDeleted(found.venue.id)
            try tx.removeResource(resource.id)
            try tell(VenueRemoved(venueID: found.venue.id.rawValue), at: found.venue.id, in: tx)
            try tx.emit(CatalogueChanged(), to: SystemChannel.catalogue)
            try tx.audit("venue.deleted", "venue:\(found.venue.id)", before: found.venue)
            return NoContent()
        }
    }

    /// One way to change a venue, whatever the address. A venue that stops being open loses what stands in it from now on.
    private func change(_ request: UpdateVenue, action: String, in tx: Transaction) throws -> Venue {
        guard try tx.venue(request.id) != nil else { throw VenueError.notFound }
        try requireSportVenue(request.sportVenueID, in: tx)
        let (found, resource) = try lock(request.id, in: tx)
        let after = try tx.updateVenue(request)
        if found.venue.status == .open, after.status != .open {
            let standing = try tx.standingReservations(in: after.id, endingAfter: tx.now)
            try cancellations.cancel(standing, because: .venue, on: resource, in: tx)
        }
        if after.capacity != found.venue.capacity, !after.exclusive {
            for window in try windows.changeCapacity(of: resource, to: after.capacity, tx) {
                guard let slot = try tx.slot(Identifier(window.id.rawValue)) else { continue }
                let event = SlotChanged(slot: slot.calendarSlot(unitsFree: try occupancy.unitsFree(in: window, of: resource, tx)))
                try tell(event, at: after.id, in: tx)
            }
        }
        let event = VenueChanged(venueID: after.id.rawValue, name: after.name, status: after.status.rawValue, notice: after.notice)
        try tell(event, at: after.id, in: tx)
        try tx.emit(CatalogueChanged(), to: SystemChannel.catalogue)
        try tx.audit(action, "venue:\(after.id)", before: found.venue, after: after)
        return after
    }

    /// A sports centre that is there, and stays until the transaction ends. Locked before any resource, by everybody.
    private func requireSportVenue(_ id: SportVenue.ID?, in tx: Transaction) throws {
        guard let id else { return }
        guard try tx.lockedSportVenue(id) != nil else { throw VenueError.sportVenueNotFound }
    }

    private func tell(_ event: some Event, at venue: Venue.ID, in tx: Transaction) throws {
        try tx.emit(event, to: VenueCalendar(venue: venue.rawValue), VenueOperations(venue: venue.rawValue))
    }

    private func lock(_ id: Venue.ID, in tx: Transaction) throws -> (BookableVenue, Resource) {
        guard let candidate = try tx.bookableVenue(id) else { throw VenueError.notFound }
        guard let resource = try occupancy.lock(candidate.resourceID, for: nil, in: tx), let found = try tx.bookableVenue(id) else {
            throw VenueError.notFound
        }
        return (found, resource)
    }
}
