/// Which version of a thing a caller means to change: `If-Match` (RFC 9110, section 13.1.1).
public struct Precondition: Hashable, Sendable {
    /// Entity tags with their quotes; `*` for any.
    private let tags: Set<String>

    /// - Parameter field: `"3"`, `"3", "4"` or `*`; a weak tag never matches.
    public init(ifMatch field: String) {
        tags = Set(field.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } })
    }

    func admits(_ version: Int64) -> Bool { tags.contains("*") || tags.contains(Self.tag(version)) }

    /// The strong entity tag of a version.
    public static func tag(_ version: Int64) -> String { "\"\(version)\"" }
}

extension CallContext {
    /// To be called under the lock under which the version was read.
    ///
    /// - Throws: ``PreconditionError/failed`` where the caller means another version. Who names none means any.
    public func require(_ version: Int64) throws {
        guard precondition?.admits(version) ?? true else { throw PreconditionError.failed }
    }
}

/// The thing is not what the caller takes it for.
public enum PreconditionError: String, DomainError {
    case failed = "request.precondition_failed"

    public var kind: ErrorKind { .preconditionFailed }
    public var detail: String { "Somebody has changed this since; read it again." }
}
