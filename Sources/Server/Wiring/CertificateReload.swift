import Gateway
import ServiceLifecycle
import UnixSignals

/// Reads the certificate again whenever the operator says so: whoever renews it sends SIGHUP.
struct CertificateReload: Service {
    private let gateway: Gateway
    private let hangups: UnixSignalsSequence

    /// From here on SIGHUP does not end the process any more.
    init(_ gateway: Gateway) async {
        self.gateway = gateway
        hangups = await UnixSignalsSequence(trapping: .sighup)
    }

    func run() async throws {
        for await _ in hangups.cancelOnGracefulShutdown() { gateway.reloadCertificates() }
    }
}
