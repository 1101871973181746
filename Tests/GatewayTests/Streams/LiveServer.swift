import Core
import Logging
import NIOCore
import NIOPosix
import Realtime
import ServiceLifecycle
import Synchronization
import Wire

@testable import Gateway

/// The gateway with a hub behind it, on a real port. Who brings the token `member` or `admin` may watch every channel.
struct LiveServer: Sendable {
    let port: Int
    let hub: Hub
    private let log: ShortLog
    private let relay: EventRelay

    static func run(
        origins: [String] = [], settings: HubSettings = HubSettings(), streams configuration: HTTPStreamConfiguration = .init(),
        door: GatewayConfiguration = GatewayConfiguration(), _ body: (LiveServer) async throws -> Void
    ) async throws {
        try await running(origins: origins, settings: settings, streams: configuration, door: door, body)
    }

    /// The same; what the body returns is handed over when the server has stopped.
    static func running<Result>(
        origins: [String] = [], settings: HubSettings = HubSettings(), streams configuration: HTTPStreamConfiguration = .init(),
        door: GatewayConfiguration = GatewayConfiguration(), _ body: (LiveServer) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup.singleton
        let log = ShortLog()
        let access = AccountAccess(authenticator: ThreeTokens(), policy: EveryChannel())
        let hub = Hub(
            eventLoops: Array(group.makeIterator()), services: HubServices(log: log, access: access, time: SystemTime()), settings: settings
        )
        let webSockets = WebSocketRoutes(hub: hub, authenticator: ThreeTokens(), allowedOrigins: origins)
        let streams = StreamRoutes(
            hub: hub, allowedOrigins: origins, date: DateField(time: SystemTime()), configuration: configuration
        )
        var door = door
        door.port = 0
        door.allowedOrigins = origins
        let quiet = Logger(label: "live") { _ in SwiftLogNoOpLogHandler() }
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let gateway = try Gateway(
            api: .things(), authenticator: ThreeTokens(), readiness: Readiness(),
            configuration: door, eventLoopGroup: group, logger: quiet,
            upgrades: { webSockets.resolve($0) }, streams: streams, drain: { await hub.drain(overSeconds: 0) },
            onBound: { bound.yield($0[0]) }
        )
        let services = ServiceGroup(configuration: .init(services: [gateway], logger: quiet))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            guard let port = await ports.first(where: { _ in true }) else { throw RawClient.Failure.ended }
            let result: Result
            do {
                result = try await body(LiveServer(port: port, hub: hub, log: log, relay: EventRelay(hub: hub, logger: quiet)))
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }

    /// Tries to connect until there is room, in a hub whose one place was taken.
    func waitForRoom() async throws {
        let request = HTTPConnection.request("POST", "/connection/http_stream", body: #"{"id":1,"connect":{"token":"member"}}"#)
        while true {
            let attempt = try await StreamedAnswer(port: port, request)
            attempt.close()
            if attempt.head.status == 200 { return }
        }
    }

    /// How many connections the server has closed with this code.
    func closes(_ code: UInt16) async -> Int { await hub.figures().reduce(0) { $0 + ($1.closes[code] ?? 0) } }

    /// Does something right behind the next read of the log, before whoever read gets to know what it read.
    func afterNextRead(_ body: @escaping @Sendable () -> Void) { log.afterNextRead(body) }

    /// Writes an event to a channel's log and tells everyone who watches.
    func publish(_ data: String, to channel: String) {
        relay.committed([log.append(RawJSON(data), to: channel)])
    }
}

/// A log of every channel that ever had an event, kept whole.
final class ShortLog: EventLog {
    private let channels = Mutex<[String: [LogEntry]]>([:])
    private struct Interruption: Sendable {
        let run: @Sendable () -> Void
    }

    private let interruption = Mutex<Interruption?>(nil)

    func afterNextRead(_ body: @escaping @Sendable () -> Void) { interruption.withLock { $0 = Interruption(run: body) } }

    func append(_ data: RawJSON, to channel: String) -> CommittedEvent {
        channels.withLock { channels in
            let offset = UInt64(channels[channel, default: []].count + 1)
            channels[channel, default: []].append(LogEntry(offset: offset, data: data))
            return CommittedEvent(channel: channel, position: StreamPosition(epoch: "short", offset: offset), data: data)
        }
    }

    func read(channel: String, after: UInt64?, limit: Int, reverse: Bool) async throws -> LogPage {
        let entries = channels.withLock { $0[channel] ?? [] }
        let interrupt = interruption.withLock { interruption in
            defer { interruption = nil }
            return interruption
        }
        interrupt?.run()
        let wanted = reverse ? entries.reversed().filter { $0.offset < after ?? .max } : entries.filter { $0.offset > after ?? 0 }
        return LogPage(top: StreamPosition(epoch: "short", offset: UInt64(entries.count)), entries: Array(wanted.prefix(limit)))
    }
}

struct EveryChannel: SubscriptionPolicy {
    func admit(_ caller: SignedInCaller, to channel: String) async throws(ProtocolError) {}
}
