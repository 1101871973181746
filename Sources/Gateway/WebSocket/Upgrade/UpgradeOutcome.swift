import HummingbirdCore
import NIOCore

/// What an accepted connection turned out to be.
enum UpgradeOutcome: Sendable {
    /// Plain HTTP, which Hummingbird serves.
    case http(HTTP1Channel.Value)

    /// An upgrade that needs an answer first: ask, then tell the handler on its loop.
    case undecided(@Sendable () async -> UpgradeDecision, NIOLoopBound<UpgradeHandler>)

    /// Nothing is left to do: it is a WebSocket and lives on its loop, or it was refused or closed.
    case settled
}
