import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Lets a second signal end a server that is already leaving: it is the operator's word that nobody need be waited for. What was
/// acknowledged is on the disk, and clients resume, so nothing is lost by it.
///
/// Must be told of the shutdown before the services that take their time.
struct Impatience: Service {
    /// Those that ask the server to leave.
    let signals: [UnixSignal]

    func run() async throws {
        try await gracefulShutdown()
        for signal in signals { restoreDefault(signal) }
    }

    /// The system's own answer to these is to end the process.
    private func restoreDefault(_ signal: UnixSignal) {
        #if canImport(Glibc)
        _ = Glibc.signal(signal.rawValue, SIG_DFL)
        #else
        _ = Darwin.signal(signal.rawValue, SIG_DFL)
        #endif
    }
}
