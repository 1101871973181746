import ServiceLifecycle
import Synchronization

/// Lets whoever was told that the server has started stop it, though the services are only put together later.
final class Stopper: Sendable {
    private let services = Mutex<ServiceGroup?>(nil)

    func set(_ services: ServiceGroup) {
        self.services.withLock { $0 = services }
    }

    func stop() async {
        await services.withLock { $0 }?.triggerGracefulShutdown()
    }
}
