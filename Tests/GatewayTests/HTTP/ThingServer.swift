import Core
import Foundation
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization

@testable import Gateway

/// The gateway in front of ``API/things()``, on a real port.
struct ThingServer: Sendable {
    let port: Int
    let readiness: Readiness
    let log: LogLines
    private let group: ServiceGroup

    static func run(
        _ configuration: GatewayConfiguration = .init(), draining drain: @escaping @Sendable () async -> Void = {},
        _ body: (ThingServer) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.port = 0
        let readiness = Readiness()
        let log = LogLines()
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let gateway = try Gateway(
            api: .things(), authenticator: ThreeTokens(), readiness: readiness, configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: log.logger, upgrades: nil, drain: drain,
            onBound: { bound.yield($0[0]) }
        )
        let quiet = Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: .init(services: [gateway], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            guard let port = await ports.first(where: { _ in true }) else { throw RawClient.Failure.ended }
            do {
                try await body(ThingServer(port: port, readiness: readiness, log: log, group: group))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func shutDown() async { await group.triggerGracefulShutdown() }

    /// One request on a connection of its own.
    func send(
        _ method: String, _ path: String, token: String? = nil, fields: [String] = [], body: String? = nil
    ) async throws -> HTTPAnswer {
        let connection = try HTTPConnection(port: port)
        defer { connection.close() }
        return try await connection.send(method, path, token: token, fields: fields, body: body)
    }
}

/// What the server logged, in order.
final class LogLines: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let lines = Mutex<[Line]>([])

    var all: [Line] { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let values = (event.metadata ?? [:]).mapValues { "\($0)" }
            lines.lines.withLock { $0.append(Line(level: event.level, message: "\(event.message)", metadata: values)) }
        }
    }
}
