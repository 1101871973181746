import Core
import HTTPTypes
import Logging

/// One line per request. It names the route's pattern and ids, never a raw path, a query or anything a person typed.
struct RequestLog: Sendable {
    let logger: Logger

    func answered(_ exchange: Exchange, method: HTTPRequest.Method, status: Int, took duration: Duration) {
        let level: Logger.Level = exchange.route?.isProbe == true ? .debug : .info
        guard logger.logLevel <= level else { return }
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        var metadata: Logger.Metadata = [
            "http.method": "\(Self.known(method))",
            "http.route": "\(exchange.route?.pattern.description ?? "unknown")",
            "http.status": "\(status)",
            "duration_ms": "\(Double(microseconds) / 1_000)",
            "request.id": "\(exchange.requestID)",
        ]
        if case .user(let user) = exchange.caller { metadata["user.id"] = "\(user.userID)" }
        logger.log(level: level, "request", metadata: metadata)
    }

    /// An error that nobody foresaw, or that is the server's own trouble: the one line that somebody should look at.
    func failed(_ exchange: Exchange, _ error: any Error, _ detail: String) {
        logger.error(
            "request failed",
            metadata: [
                "request.id": "\(exchange.requestID)", "http.route": "\(exchange.route?.pattern.description ?? "unknown")",
                "error.type": "\(type(of: error))", "error.detail": "\(detail)",
            ]
        )
    }

    func aborted(_ exchange: Exchange) {
        logger.debug("request aborted by the client", metadata: ["request.id": "\(exchange.requestID)"])
    }

    /// A method is any token that the client makes up.
    static func known(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .patch, .delete, .options: method.rawValue
        default: "other"
        }
    }
}

/// What is known of a request while it is answered.
struct Exchange {
    let requestID: String
    var route: Route?
    var caller = Caller.anonymous
}
