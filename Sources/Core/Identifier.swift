/// The public id of one kind of thing: a positive integer below 2^53, so that every client can hold it. The phantom type keeps a venue's
/// id from being passed where a user's is meant.
public struct Identifier<Subject>: RawRepresentable, Hashable, Comparable, Sendable {
    /// The largest integer that a JSON client with double arithmetic keeps exact.
    public static var rawValueMax: Int64 { 9_007_199_254_740_991 }

    public let rawValue: Int64

    public init(rawValue: Int64) { self.rawValue = rawValue }

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: Codable, CustomStringConvertible {
    public var description: String { String(rawValue) }

    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// Stands for accounts in `Identifier<Account>`; one account is the same person on every surface.
public enum Account {}

/// The id of a person's account.
public typealias UserID = Identifier<Account>

/// Stands for sign-ins in `Identifier<SignIn>`.
public enum SignIn {}

/// The id of a sign-in session; access tokens, refresh tokens and sockets all hang on one.
public typealias SessionID = Identifier<SignIn>
