import Core
import Realtime
import ServiceLifecycle

/// This node's part in a cluster, for as long as it serves. One that is alone has none of it.
///
/// In a service group it stands first, and so leaves last: until then others hear of what happens here.
struct Cluster: Service {
    let bus: RedisBus?
    let follower: LogFollower?

    /// Begins to hear of the others: first of what they have committed, so that what is loaded after this has no gap behind it.
    ///
    /// - Throws: when the log can't be read.
    func join(_ hub: Hub, _ relay: EventRelay) async throws {
        try await follower?.start()
        guard let bus else { return }
        bus.clusterRoster.start(hub)
        bus.start(relay)
    }

    func run() async throws {
        try? await gracefulShutdown()
        await bus?.stop()
        await follower?.stop()
    }
}
