import Core
import Storage
import Wire

/// The rules of accounts: who exists, who may sign in, and who may change whom. Each slice adds its part in an extension.
public struct AccountService: Sendable {
    let database: Database
    let hasher: PasswordHasher
    let tokens: AccessTokens
    let observers: [any AccountObserver]
    let time: any TimeSource
    let throttle = SignInThrottle()
    let clusterThrottle: ClusterThrottle?

    /// - Parameters:
    ///   - observers: told of changes that other features have to follow, inside the same transaction, in this order.
    ///   - rateLimits: counts failed sign-ins over all nodes, where there are several.
    ///   - time: the clock of the sign-in throttle; everything that is stored goes by the clock of the database.
    public init(
        database: Database, hasher: PasswordHasher, tokens: AccessTokens, observers: [any AccountObserver] = [],
        rateLimits: (any RateLimitStore)? = nil, time: any TimeSource = SystemTime()
    ) {
        self.database = database
        self.hasher = hasher
        self.tokens = tokens
        self.observers = observers
        clusterThrottle = rateLimits.map(ClusterThrottle.init)
        self.time = time
    }
}
