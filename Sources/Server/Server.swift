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
import Rooms
import ServiceLifecycle
import Storage
import UnixSignals
import Wire

/// All of Ringside in one process: the only place that knows everyone.
public struct Server: Sendable {
    /// What is known once requests are accepted.
    public struct Started: Sendable {
        public let port: Int
        /// Where the meeting rooms have a port of their own; nil where they have none.
        public let roomsPort: Int?
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
        let timeZones = try TimeZoneDatabase(directory: configuration.timeZoneDirectory)
        logger.info("time zones read", metadata: ["tzdata.version": "\(timeZones.version)"])
        let outlet = EventOutlet()
        var databaseConfiguration = DatabaseConfiguration()
        databaseConfiguration.timeZoneVersion = timeZones.version
        // The bus wakes the nodes without making commits wait for each other, as the database's own notifications do.
        var listening: (@Sendable () -> Void)?
        if configuration.bus == nil {
            databaseConfiguration.notifiesCommits = true
            listening = { outlet.notified() }
        }
        let database = try Database.open(
            configuration.database, time: time, committed: outlet, configuration: databaseConfiguration,
            notified: listening
        )
        do {
            try await serve(database, timeZones, outlet, signals, onStarted)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        logger.info("stopped")
    }

    private func serve(
        _ database: Database, _ timeZones: any TimeZones, _ outlet: EventOutlet, _ signals: [UnixSignal],
        _ onStarted: @escaping @Sendable (Started, @escaping Stop) async -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        do {
            try await serve(on: group, database, timeZones, outlet, signals, onStarted)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serve(
        on group: MultiThreadedEventLoopGroup, _ database: Database, _ timeZones: any TimeZones, _ outlet: EventOutlet,
        _ signals: [UnixSignal], _ onStarted: @escaping @Sendable (Started, @escaping Stop) async -> Void
    ) async throws {
        let secret = if let configured = configuration.tokenSecret { configured } else { try await TokenSecret.load(database) }
        let bus = configuration.bus.map { RedisBus($0, node: configuration.hub.node, logger: logger) }
        let tail = database.tail
        if bus != nil, tail == nil { logger.warning("a bus brings nothing: no other node can share this database") }
        let lease = tail.map { _ in LogLease() }
        let tokens = await AccessTokens(secret: secret)
        let revocations = RevocationIndex(time: time)
        let accounts = AccountService(
            database: database, hasher: PasswordHasher(cost: configuration.passwordCost), tokens: tokens,
            observers: [DepartedMembers(occupancy: Occupancy()), DepartedEmployees(occupancy: Occupancy())],
            rateLimits: bus?.rateLimits, time: time
        )
        let authenticator = TokenAuthenticator(tokens: tokens, revocations: revocations, lease: lease, time: time)
        let gym = Gym(database: database, timeZones: timeZones, cachedAnswersMax: configuration.cachedAnswersMax)
        let rooms = Rooms(database: database, accounts: accounts, timeZones: timeZones)
        let api = Self.api(accounts: accounts, gym: gym, rooms: rooms, jobs: DeadJobService(database: database))

        let displays = RoomDisplays(database: database)
        let hub = Hub(
            eventLoops: Array(group.makeIterator()),
            services: HubServices(
                log: database,
                access: DisplayAccess(
                    accounts: AccountAccess(
                        authenticator: authenticator, policy: RegisteredSubscriptionPolicy(rules: api.watchRules, logger: logger),
                        endpoints: EndpointCalls(api: api, authenticator: authenticator, time: time, logger: logger)
                    ), displays: displays, time: time, logger: logger
                ),
                bus: bus, roster: bus?.clusterRoster, time: time, logger: logger
            ),
            settings: configuration.hub
        )
        let relay = EventRelay(hub: hub, bus: bus, lease: lease, logger: logger)
        relay.observe(SystemChannel.revocations) { revocations.apply($0) }
        relay.observe(SystemChannel.displays, DisplayRevoked.self) { revoked in
            let target = HubTarget(user: DisplayAccess.user(revoked.displayID))
            hub.pass(HubOrder(.disconnect(target, code: Disconnect.invalidToken.code, reason: Disconnect.invalidToken.reason, sparing: [])))
        }
        relay.observe(SystemChannel.catalogue) { _ in gym.catalogueCache.invalidate() }
        let follower = tail.map {
            LogFollower(tail: $0, log: database, relay: relay, hub: hub, lease: lease, eventLoop: group.next(), logger: logger)
        }
        if let follower { outlet.wake(follower) }
        let cluster = Cluster(bus: bus, follower: follower)
        let channelLog = DatabaseChannelLog(database: database)
        // Before anybody can come in with a token that was taken back while this process was away.
        outlet.connect([revocations, CatalogueWatch { gym.catalogueCache.invalidate() }, channelLog, relay])
        try await cluster.join(hub, relay)
        try await revocations.load(from: database)

        let password = try await createAdministrator(accounts)
        let serviceDoor = ServiceDoor(
            api: ServerAPI(
                hub: hub, log: database, channelLog: channelLog, time: time,
                carryOut: OrderLog(database: database, hub: hub).carryOut, options: ServiceDoor.options
            ),
            key: configuration.serviceKey, authenticator: authenticator,
            operations: EndpointCalls(api: api, authenticator: authenticator, transport: .http, time: time, logger: logger),
            serviceCaller: { [configuration] in try await accounts.serviceCaller(named: configuration.adminUsername) }
        )
        try await SeriesResolution(occupancy: Occupancy(), timeZones: timeZones).begin(in: database)
        let worker = JobWorker(
            queue: JobQueue(
                database: database, handlers: Self.jobHandlers(database, timeZones), leaseSeconds: configuration.jobs.leaseSeconds),
            settings: configuration.jobs, eventLoop: group.next(), logger: logger
        )
        let roomsPages =
            [FeedDoor(feeds: CalendarFeeds(database: database, timeZones: timeZones), logger: logger).endpoint]
            + DisplayDoor(displays: displays, logger: logger).endpoints
        let readiness = Readiness()
        let stopper = Stopper()
        let gateway = try Gateway(
            api: api.serving(Self.mounts), plainEndpoints: [serviceDoor.endpoint] + roomsPages,
            companions: configuration.roomsPort.map { [Self.roomsListener(api, roomsPages, port: $0)] } ?? [], authenticator: authenticator,
            hub: hub,
            readiness: readiness, configuration: gatewayConfiguration(timeZones),
            metricsSources: [DatabaseMetrics(database: database), worker, ClusterMetrics(cluster: cluster)],
            drainSeconds: configuration.drainSeconds, eventLoopGroup: group, time: time, logger: logger
        ) { ports in
            let roomsPort = ports.dropFirst().first
            logger.info("listening", metadata: ["port": "\(ports[0])", "rooms.port": "\(roomsPort.map(String.init) ?? "off")"])
            await onStarted(Started(port: ports[0], roomsPort: roomsPort, generatedPassword: password)) { await stopper.stop() }
        }
        // Told to stop in the reverse order: what the last requests enqueue is still seen, and what they change still told to the other nodes.
        let services: [any Service] =
            [cluster, worker, gateway] + (await OperatorSignals.services(beside: gateway, leaving: signals))
        let lifecycle = ServiceGroup(
            configuration: .init(services: services, gracefulShutdownSignals: signals, logger: logger)
        )
        stopper.set(lifecycle)
        try await hub.whileServing { try await lifecycle.run() }
    }

    /// Every door of every system.
    static func api(accounts: AccountService, gym: Gym, rooms: Rooms, jobs: DeadJobService) -> API {
        var api = API(surface: Gym.surface)
        api.register([AccountFeature(service: accounts)] + gym.features + [DeadJobFeature(service: jobs)], on: Gym.surface)
        api.register(rooms.features, on: Rooms.surface)
        return api
    }

    /// What the main port serves, and where.
    static let mounts = [Mount(Gym.surface), Mount(Rooms.surface, at: "/meeting/api")]

    /// The meeting rooms' own port, at the base of their document.
    private static func roomsListener(_ api: API, _ pages: [PlainEndpoint], port: Int) -> Listener {
        Listener(
            option: "--rooms-port", port: port, api: api.serving([Mount(Rooms.surface, at: "/api")]), plainEndpoints: pages)
    }

    private func gatewayConfiguration(_ timeZones: any TimeZones) -> GatewayConfiguration {
        GatewayConfiguration(
            host: configuration.host, port: configuration.port, connectionsPerAddressMax: configuration.connectionsPerAddressMax,
            upgradesPerSecondMax: configuration.upgradesPerSecondMax, upgradesBurstMax: configuration.upgradesBurstMax,
            tls: configuration.tls, metricsAccess: configuration.metricsAccess, allowedOrigins: configuration.allowedOrigins,
            trustedProxies: configuration.trustedProxies,
            documentsDirectory: configuration.documentsDirectory, version: Self.version, timeZoneVersion: timeZones.version
        )
    }

    /// - Returns: the password that was made, when one was.
    private func createAdministrator(_ accounts: AccountService) async throws -> String? {
        let password = configuration.adminPassword ?? RandomPassword.make()
        let wasCreated = try await accounts.createSuperadmin(username: configuration.adminUsername, password: password)
        return wasCreated && configuration.adminPassword == nil ? password : nil
    }
}
