/// A named stream of events that clients can watch. The type fixes the prefix, a value fixes the id: `calendar:venue:12`.
public protocol Channel: Hashable, Sendable {
    /// The full name on the wire, at most ``ChannelName/bytesMax`` bytes; the part before the first `:` is the namespace.
    var name: String { get }
}

/// Rules that every channel name keeps.
public enum ChannelName {
    /// The longest name a client may use, in bytes (protocol A.6).
    public static let bytesMax = 255

    /// The namespace of a name: what stands before the first colon, or the whole name.
    public static func namespace(of name: String) -> Substring {
        name.prefix { $0 != ":" }
    }
}
