import Core
import Gateway
import HTTPTypes
import Logging

extension PlainAnswer {
    /// What somebody at a door gets for whom nothing could be read: to come again where the database is away. All else is logged, and told to
    /// nobody.
    ///
    /// - Parameter seconds: until it is worth coming again.
    static func failure(_ error: any Error, _ message: Logger.Message, retryAfter seconds: Int, _ logger: Logger) -> PlainAnswer {
        if let error = error as? any DomainError, error.kind == .unavailable {
            return PlainAnswer(.serviceUnavailable, fields: [.cacheControl: "no-store", .retryAfter: "\(seconds)"])
        }
        logger.error(message, metadata: ["error": "\(error)"])
        return PlainAnswer(.internalServerError)
    }
}
