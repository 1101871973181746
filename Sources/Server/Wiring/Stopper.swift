import Synchronization

/// Lets whoever was told that the server has started stop it, though the services are only put together later.
final class Stopper: Sendable {
    private let action = Mutex<(@Sendable () async -> Void)?>(nil)

    func set(_ action: @escaping @Sendable () async -> Void) {
        self.action.withLock { $0 = action }
    }

    func stop() async {
        await action.withLock { $0 }?()
    }
}
