import Core
import Storage
import Wire

/// No clock is looked at, so that a lock can share the trip of what reads these: the clock counts after the lock.
private let columns: SQL =
    """
    r.id, r.kind, r.public_id, r.parent_id, r.capacity, r.is_exclusive, r.time_zone, r.longest_occupation,
    (r.parent_id IS NOT NULL OR EXISTS (SELECT 1 FROM resource child WHERE child.parent_id = r.id)) AS has_relatives,
    (SELECT MIN(o.expires_at) FROM occupation o WHERE o.resource_id = r.id AND o.expires_at IS NOT NULL) AS first_expiry
    """

extension Snapshot {
    /// The resource behind a surface's thing.
    public func resource(_ id: Resource.ID) throws -> Resource {
        try one("SELECT \(columns) FROM resource r WHERE r.id = \(id)")
    }

    /// Nil once it is removed.
    func resourceIfAny(_ id: Resource.ID) throws -> Resource? {
        try first("SELECT \(columns) FROM resource r WHERE r.id = \(id)")
    }

    func ancestors(of resource: Resource) throws -> [Resource] {
        guard resource.parentID != nil else { return [] }
        return try all(
            """
            WITH RECURSIVE line(id, depth) AS (
                SELECT parent_id, 1 FROM resource WHERE id = \(resource.id)
                UNION ALL
                SELECT p.parent_id, line.depth + 1 FROM resource p JOIN line ON p.id = line.id WHERE line.depth < \(Resource.depthMax)
            )
            SELECT \(columns) FROM resource r JOIN line ON line.id = r.id
            """
        )
    }

    func descendants(of resource: Resource) throws -> [Resource] {
        guard resource.hasRelatives else { return [] }
        return try all(
            """
            WITH RECURSIVE line(id, depth) AS (
                SELECT id, 1 FROM resource WHERE parent_id = \(resource.id)
                UNION ALL
                SELECT c.id, line.depth + 1 FROM resource c JOIN line ON c.parent_id = line.id WHERE line.depth < \(Resource.depthMax)
            )
            SELECT \(columns) FROM resource r JOIN line ON line.id = r.id
            """
        )
    }

    /// Everything that can't be taken together with the resource.
    func relatives(of resource: Resource) throws -> [Resource] {
        guard resource.hasRelatives else { return [] }
        return try ancestors(of: resource) + descendants(of: resource)
    }
}

extension Transaction {
    /// Locks a resource with its ancestors and descendants, in order of id.
    func lockFamily(of id: Resource.ID) throws {
        try lock(
            """
            SELECT id FROM resource WHERE id IN (
                WITH RECURSIVE up(id, parent_id, depth) AS (
                    SELECT id, parent_id, 1 FROM resource WHERE id = \(id)
                    UNION ALL
                    SELECT p.id, p.parent_id, up.depth + 1 FROM resource p JOIN up ON p.id = up.parent_id
                    WHERE up.depth < \(Resource.depthMax)
                ), down(id, depth) AS (
                    SELECT id, 1 FROM resource WHERE parent_id = \(id)
                    UNION ALL
                    SELECT c.id, down.depth + 1 FROM resource c JOIN down ON c.parent_id = down.id
                    WHERE down.depth < \(Resource.depthMax)
                )
                SELECT id FROM up UNION SELECT id FROM down
            ) ORDER BY id
            """
        )
    }

    /// Makes a thing of a surface bookable.
    ///
    /// - Throws: ``ResourceError/tooDeep``.
    public func insertResource(
        kind: Resource.Kind, parent: Resource.ID?, capacity: Int, isExclusive: Bool, timeZone: String
    ) throws -> Resource.ID {
        if let parent {
            guard try ancestors(of: resource(parent)).count + 2 <= Resource.depthMax else { throw ResourceError.tooDeep }
        }
        let id: Resource.ID? = try value(
            """
            INSERT INTO resource (kind, public_id, parent_id, capacity, is_exclusive, time_zone)
            VALUES (\(kind), NULL, \(parent), \(isExclusive ? 1 : capacity), \(isExclusive), \(timeZone)) RETURNING id
            """
        )
        guard let id else { throw StorageError.noRow }
        return id
    }

    /// Ties the resource to the surface's id, once that is known.
    public func setPublicID(_ publicID: Int64, of resource: Resource.ID) throws {
        try execute("UPDATE resource SET public_id = \(publicID) WHERE id = \(resource)")
    }

    /// Takes the resource off the list of what can be taken; its windows are closed already.
    public func removeResource(_ id: Resource.ID) throws {
        try execute("DELETE FROM occupation WHERE resource_id = \(id)")
        try execute("DELETE FROM resource WHERE id = \(id)")
    }

    func setCapacity(_ capacity: Int, isExclusive: Bool, of resource: Resource.ID) throws {
        try execute("UPDATE resource SET capacity = \(capacity), is_exclusive = \(isExclusive) WHERE id = \(resource)")
    }

    /// Lets searches for overlaps look back far enough for what is about to be taken.
    func rememberLength(of interval: Interval, on resource: Resource) throws {
        let length = interval.end.microseconds - interval.start.microseconds
        guard length > resource.longestOccupation else { return }
        try execute("UPDATE resource SET longest_occupation = \(length) WHERE id = \(resource.id) AND longest_occupation < \(length)")
    }
}

/// Why a resource can't be made or changed so.
public enum ResourceError: String, DomainError {
    case tooDeep = "resource.too_deep"
    case capacityInUse = "resource.capacity_in_use"

    public var kind: ErrorKind { self == .tooDeep ? .invalid : .conflict }

    public var detail: String {
        switch self {
        case .tooDeep: "A whole may be divided into at most \(Resource.depthMax) levels."
        case .capacityInUse: "More room is taken already than the new capacity allows."
        }
    }
}
