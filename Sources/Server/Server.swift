import Accounts
import Booking
import Core
import Engine
import Gateway
import Gym
import Logging
import NIOCore
import NIOPosix
import Realtime
import ServiceLifecycle
import Storage
import UnixSignals
import Wire

/// All of Ringside in one process: the only place that knows everyone.
public struct Server: Sendable {
    /// What is known once requests are accepted.
    public struct Started: Sendable {
        public let port: Int
        /// The first administrator's password, where it was made just now: to be shown once and nowhere else.
        public let generatedPassword: String?
    }

    /// Ends what ``run(onStarted:)`` began, in good order.
    public typealias Stop = @Sendable () async -> Void

    public static let version = "0.1.0"

    private let configuration: Configuration
    private let time: any TimeSource
    private let logger: Logger

    /// - Parameter time: the clock of everything that is stored or expires.
    public init(_ configuration: Configuration, time: any TimeSource = SystemTime(), logger: Logger? = nil) {
        self.configuration = configuration
        self.time = time
        var logger = logger ?? Logger(label: "ringside")
        logger.logLevel = configuration.logLevel
        self.logger = logger
    }

    /// Opens the database, serves until SIGTERM, SIGINT or cancellation, and leaves in good order: unready, sockets drained, requests
    /// finished, database closed.
    ///
    /// - Throws: what keeps the server from starting.
    public func run(
        signals: [UnixSignal] = OperatorSignals.leaving, onStarted: @escaping @Sendable (Started, @escaping Stop) async -> Void
    ) async throws {
        logger.info("starting", metadata: configuration.summary)
        let outlet = EventOutlet()
        let database = try Database.open(configuration.database, time: time, committed: outlet)
        do {
            try await serve(database, outlet, signals, onStarted)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        logger.info("stopped")
    }

    private func serve(
        _ database: Database, _ outlet: EventOutlet, _ signals: [UnixSignal],
        _ onStarted: @escaping @Sendable (Started, @escaping Stop) async -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        do {
            try await serve(on: group, database, outlet, signals, onStarted)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serve(
        on group: MultiThreadedEventLoopGroup, _ database: Database, _ outlet: EventOutlet, _ signals: [UnixSignal],
        _ onStarted: @escaping @Sendable (Started, @escaping Stop) async -> Void
    ) async throws {
        let secret = if let configured = configuration.tokenSecret { configured } else { try await TokenSecret.load(database) }
        let tokens = await AccessTokens(secret: secret)
        let revocations = RevocationIndex(time: time)
        let accounts = AccountService(
            database: database, hasher: PasswordHasher(cost: configuration.passwordCost), tokens: tokens,
            observers: [DepartedMembers(occupancy: Occupancy())], time: time
        )
        let authenticator = TokenAuthenticator(tokens: tokens, revocations: revocations, time: time)
        let gym = Gym(database: database, timeZones: SystemTimeZones(), cachedAnswersMax: configuration.cachedAnswersMax)
        let api = Self.api(accounts: accounts, gym: gym)

        let hub = Hub(
            eventLoops: Array(group.makeIterator()),
            services: HubServices(
                log: database,
                access: AccountAccess(
                    authenticator: authenticator, policy: RegisteredSubscriptionPolicy(rules: api.watchRules, logger: logger),
                    endpoints: EndpointCalls(api: api, authenticator: authenticator, time: time, logger: logger)
                ),
                time: time, logger: logger
            ),
            settings: configuration.hub
        )
        let relay = EventRelay(hub: hub, logger: logger)
        relay.observe(SystemChannel.catalogue, CatalogueChanged.self) { _ in gym.catalogueCache.invalidate() }
        let channelLog = DatabaseChannelLog(database: database)
        // Before anybody can come in with a token that was taken back while this process was away.
        outlet.connect([revocations, channelLog, relay])
        try await revocations.load(from: database)

        let password = try await createAdministrator(accounts)
        let serviceDoor = ServiceDoor(
            api: ServerAPI(hub: hub, log: database, channelLog: channelLog, time: time, options: ServiceDoor.options),
            key: configuration.serviceKey, authenticator: authenticator,
            operations: EndpointCalls(api: api, authenticator: authenticator, transport: .http, time: time, logger: logger),
            serviceCaller: { [configuration] in try await accounts.serviceCaller(named: configuration.adminUsername) }
        )
        let readiness = Readiness()
        let stopper = Stopper()
        let gateway = try Gateway(
            api: api, plainEndpoints: [serviceDoor.endpoint], authenticator: authenticator, hub: hub, readiness: readiness,
            configuration: gatewayConfiguration, metricsSources: [DatabaseMetrics(database: database)],
            drainSeconds: configuration.drainSeconds, eventLoopGroup: group, time: time, logger: logger
        ) { port in
            logger.info("listening", metadata: ["port": "\(port)"])
            await onStarted(Started(port: port, generatedPassword: password)) { await stopper.stop() }
        }
        let housekeeping = Housekeeping(database: database, eventLoop: group.next(), logger: logger)
        let services: [any Service] = [housekeeping, gateway] + (await OperatorSignals.services(beside: gateway, leaving: signals))
        let lifecycle = ServiceGroup(
            configuration: .init(services: services, gracefulShutdownSignals: signals, logger: logger)
        )
        stopper.set { await lifecycle.triggerGracefulShutdown() }
        try await hub.whileServing { try await lifecycle.run() }
    }

    /// Every door of every system: what the API document and the endpoint list describe, too.
    static func api(accounts: AccountService, gym: Gym) -> API {
        var api = API(surface: Gym.surface)
        api.register([AccountFeature(service: accounts)] + gym.features, on: Gym.surface)
        return api
    }

    private var gatewayConfiguration: GatewayConfiguration {
        GatewayConfiguration(
            host: configuration.host, port: configuration.port, connectionsPerAddressMax: configuration.connectionsPerAddressMax,
            upgradesPerSecondMax: configuration.upgradesPerSecondMax, upgradesBurstMax: configuration.upgradesBurstMax,
            tls: configuration.tls, metricsAccess: configuration.metricsAccess, allowedOrigins: configuration.allowedOrigins,
            documentsDirectory: configuration.documentsDirectory, version: Self.version
        )
    }

    /// - Returns: the password that was made, when one was.
    private func createAdministrator(_ accounts: AccountService) async throws -> String? {
        let password = configuration.adminPassword ?? RandomPassword.make()
        let wasCreated = try await accounts.createSuperadmin(username: configuration.adminUsername, password: password)
        return wasCreated && configuration.adminPassword == nil ? password : nil
    }
}
