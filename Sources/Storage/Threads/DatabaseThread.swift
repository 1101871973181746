import Foundation

/// Threads that own a connection for as long as their work lasts.
enum DatabaseThread {
    /// The databases' own stacks are small, but the closures are anybody's.
    private static let stackBytes = 2 << 20

    static func start(_ name: String, _ work: @escaping @Sendable () -> Void) {
        let thread = Thread(block: work)
        thread.name = name
        thread.stackSize = stackBytes
        thread.start()
    }
}
