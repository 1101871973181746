/// A piece of work that is done later, by whichever node has time; the value is what it needs to know, and is kept as JSON.
///
/// What is stored by one release is read by the next, and by nodes of both while they run side by side: members are added as optionals.
public protocol JobKind: Codable, Sendable {
    /// `feature.verb`. It stands in the database and never changes. A node leaves kinds alone that it does not know: a newer one has them.
    static var kind: String { get }
    /// How often it is tried before it is a dead letter.
    static var attemptsMax: Int { get }
    /// How long one attempt may take, in seconds; then it is cancelled and counts as failed.
    static var runSecondsMax: Int64 { get }
}

extension JobKind {
    /// With the pauses of ``JobBackoff``, some eight hours.
    public static var attemptsMax: Int { 16 }
    public static var runSecondsMax: Int64 { 300 }
}

/// Work that comes round again and again: one row for the whole installation, which is never a dead letter, however often it fails.
public protocol RecurringJobKind: JobKind {
    /// From the end of one run to the beginning of the next, in seconds.
    static var intervalSeconds: Int64 { get }

    init()
}

/// What a job writes, in the commit that ends it. Where the claim was lost meanwhile nothing of it is written.
public typealias JobEnding = @Sendable (Transaction) throws -> Void

/// Why a job did not end well, where the queue itself says so.
public enum JobError: Error, Hashable {
    /// The job was claimed again, replaced or cancelled since; whoever has it now decides.
    case claimLost
    /// It took longer than ``JobKind/runSecondsMax``.
    case overran
    /// Its node ended again and again while it ran.
    case abandoned
    /// No handler is registered for it.
    case unknownKind(String)
    /// More than ``Transaction/jobPayloadBytesMax``.
    case payloadTooLarge
}
