import NIOCore
import Realtime
import Synchronization

/// The sessions whose clients send their commands to `/emulation`, by the secret that the connect result told each client.
///
/// As many as there are streams, which the hub bounds. The secrets are 128 random bits and never logged: who knows one is the client.
final class OpenStreams: Sendable {
    private let sessions = Mutex<[String: NIOLoopBound<Session>]>([:])

    func add(_ session: Session, on eventLoop: any EventLoop) {
        let entry = NIOLoopBound(session, eventLoop: eventLoop)
        sessions.withLock { $0[session.secret] = entry }
    }

    func remove(_ session: Session) {
        sessions.withLock { _ = $0.removeValue(forKey: session.secret) }
    }

    /// Hands commands to a session. Those of one caller arrive in the order of the calls.
    ///
    /// - Returns: false when there is no such session.
    func deliver(_ commands: [UInt8], to secret: String) -> Bool {
        guard let session = sessions.withLock({ $0[secret] }) else { return false }
        session.eventLoop.execute {
            commands.withUnsafeBytes { session.value.received($0) }
        }
        return true
    }
}
