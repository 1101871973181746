import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A Redis of a test's own, at a socket in a directory that goes with it. It keeps nothing: who kills it has an empty one afterwards.
public final class RedisServer: Sendable {
    /// For `--bus`.
    public var url: String { "unix://\(socket.path)" }

    private let socket: URL
    private let arguments: [String]
    private let child: Mutex<ChildProcess?> = Mutex(nil)

    private init(_ directory: TestDirectory, _ arguments: [String]) {
        socket = directory.url.appending(path: "redis.sock")
        self.arguments =
            ["--port", "0", "--unixsocket", socket.path, "--save", "", "--appendonly", "no", "--dir", directory.url.path] + arguments
    }

    /// Starts a Redis, runs the body, and kills what is left of it.
    ///
    /// - Parameter arguments: as `redis-server` takes them: `["--maxmemory", "2mb"]`.
    public static func run<Result>(_ arguments: [String] = [], _ body: (RedisServer) async throws -> Result) async throws -> Result {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let server = RedisServer(directory, arguments)
        try await server.start()
        return try await running {
            try await body(server)
        } finally: {
            await server.kill()
        }
    }

    /// Starts it again after ``kill()``; returns when it accepts connections.
    public func start() async throws {
        let ready = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
        let output = Mutex("")
        let child = try ChildProcess("/usr/bin/redis-server", arguments, environment: [:], on: ready.futureResult.eventLoop) { bytes in
            let isReady = output.withLock { output in
                output += String(decoding: bytes, as: UTF8.self).lowercased()
                return output.contains("ready to accept connections")
            }
            if isReady { ready.succeed() }
        }
        child.ended.whenComplete { _ in ready.fail(RedisServerError.didNotStart(output.withLock { $0 })) }
        self.child.withLock { $0 = child }
        try await ready.futureResult.get()
    }

    /// Ends it as a power cut does (SIGKILL); returns when it is gone.
    public func kill() async {
        guard let child = child.withLock({ $0 }) else { return }
        child.signal(SIGKILL)
        _ = try? await child.ended.get()
    }

    /// From now on it does nothing, and nobody can tell it from a network that is cut.
    public func freeze() { child.withLock { $0 }?.signal(SIGSTOP) }

    public func thaw() { child.withLock { $0 }?.signal(SIGCONT) }
}

/// Why there is no Redis.
public enum RedisServerError: Error {
    case didNotStart(String)
}
