import Gateway
import ServiceLifecycle
import UnixSignals

/// What the operator's signals mean to a process of Ringside, beside the wish to leave: the same for `ringside serve` and for the engine
/// alone.
public enum OperatorSignals {
    /// Those that ask a process to leave.
    public static let leaving: [UnixSignal] = [.sigterm, .sigint]

    /// What runs beside the doorway, and must hear of a shutdown before it does: SIGHUP reads the certificate again, and a second signal to
    /// leave ends a process that is leaving already.
    ///
    /// - Parameter leaving: the signals of which a second one ends the process.
    public static func services(beside gateway: Gateway, leaving: [UnixSignal] = leaving) async -> [any Service] {
        var services: [any Service] = [Impatience(signals: leaving)]
        if gateway.isEncrypting { services.append(await CertificateReload(gateway)) }
        return services
    }
}
