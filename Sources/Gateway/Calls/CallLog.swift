import Core
import Logging

/// One line per rpc, beside ``RequestLog``. It names the operation and ids, never anything a person typed.
struct CallLog: Sendable {
    let logger: Logger

    func answered(_ method: String, requestID: String, _ caller: SignedInCaller, status: Int, took duration: Duration) {
        guard logger.logLevel <= .info else { return }
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        logger.info(
            "call",
            metadata: [
                "rpc.method": "\(method)", "rpc.status": "\(status)", "duration_ms": "\(Double(microseconds) / 1_000)",
                "request.id": "\(requestID)", "user.id": "\(caller.userID)",
            ]
        )
    }

    /// An error that nobody foresaw: the one line that somebody should look at.
    func failed(_ method: String, requestID: String, _ error: any Error) {
        logger.error(
            "call failed",
            metadata: [
                "request.id": "\(requestID)", "rpc.method": "\(method)", "error.type": "\(type(of: error))", "error.detail": "\(error)",
            ]
        )
    }
}
