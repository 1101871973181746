import Client
import Foundation
import NIOCore
import NIOPosix

/// The real executable in a process of its own, for what only a process can show: its death, its signals, its memory.
///
/// It runs by the machine's clock. Passwords cost what they cost in production there, so accounts and tokens are best prepared by a
/// ``TestServer`` in the same directory, whose clock begins now; see ``TestUser/moved(to:over:)``.
public final class ServerProcess: Sendable {
    /// How a process came to its end.
    public enum Ending: Hashable, Sendable {
        case exited(status: Int32)
        case killed(signal: Int32)
    }

    public let port: Int
    private let child: ChildProcess
    private let output: ProcessOutput

    private init(port: Int, _ child: ChildProcess, _ output: ProcessOutput) {
        self.port = port
        self.child = child
        self.output = output
    }

    /// Starts a server on the directory's database and a free port, runs the body, and kills the server if the body has not ended it.
    ///
    /// - Parameter settings: environment variables beside those that every test's server has.
    /// - Throws: ``ServerProcessError/didNotStart(_:output:)``, and what the body throws.
    public static func run<Result>(
        in directory: TestDirectory, settings: [String: String] = [:], _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        try await run(["serve", "--port", "0", "--rooms-port", "0", "--database", directory.databaseURL, "--loops", "2"], settings, body)
    }

    /// The same with the engine alone.
    ///
    /// - Parameter configuration: its configuration file.
    public static func runEngine<Result>(
        in directory: TestDirectory, configuration: String, _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        let file = directory.url.appending(path: "engine.json")
        try Data(configuration.utf8).write(to: file)
        return try await run(["realtime", "--config", file.path, "--port", "0"], [:], body)
    }

    /// Runs the executable to its end.
    ///
    /// - Returns: what it has printed.
    /// - Throws: ``ServerProcessError/failed(_:output:)``.
    public static func output(of arguments: [String]) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let output = ProcessOutput(on: loop)
        defer { output.end() }
        let child = try ChildProcess(executable().path, arguments, environment: environment, on: loop) { output.append($0) }
        let ending = try await child.ended.get()
        guard ending == .exited(status: 0) else { throw ServerProcessError.failed(ending, output: output.text) }
        return output.text
    }

    private static func run<Result>(
        _ arguments: [String], _ settings: [String: String], _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        let server = try await launch(arguments, settings)
        return try await running {
            try await body(server)
        } finally: {
            await server.kill()
        }
    }

    private static func launch(_ arguments: [String], _ settings: [String: String]) async throws -> ServerProcess {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let output = ProcessOutput(on: loop)
        let child: ChildProcess
        do {
            child = try ChildProcess(
                executable().path, arguments, environment: environment.merging(settings) { $1 }, on: loop
            ) { output.append($0) }
        } catch {
            output.end()
            throw error
        }
        child.ended.whenComplete { _ in output.end() }
        guard let port = try await output.port.get() else {
            throw ServerProcessError.didNotStart(try await child.ended.get(), output: output.text)
        }
        return ServerProcess(port: port, child, output)
    }

    private static var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging([
            "RINGSIDE_ADMIN_USERNAME": TestServer.adminName, "RINGSIDE_ADMIN_PASSWORD": TestServer.adminPassword,
            "RINGSIDE_DRAIN_SECONDS": "0",
        ]) { $1 }
    }

    /// Lies beside the tests' own executable.
    static func executable() throws -> URL {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: own).deletingLastPathComponent().appending(path: "ringside")
    }

    /// Ends the process as a power cut does (SIGKILL); returns when it is gone.
    public func kill() async {
        child.signal(SIGKILL)
        _ = try? await child.ended.get()
    }

    /// Asks the process to stop (SIGTERM); returns when it has.
    public func terminate() async throws -> Ending {
        askToStop()
        return try await ended()
    }

    /// Asks the process to stop (SIGTERM); returns at once.
    public func askToStop() {
        child.signal(SIGTERM)
    }

    /// Tells the process that there is a new certificate (SIGHUP); returns at once.
    public func hangUp() {
        child.signal(SIGHUP)
    }

    /// Lets the process do nothing any more, as on a machine that hangs (SIGSTOP): its connections stand. Returns at once.
    public func freeze() {
        child.signal(SIGSTOP)
    }

    /// Lets a frozen process go on where it was (SIGCONT); returns at once.
    public func thaw() {
        child.signal(SIGCONT)
    }

    /// How the process ended; waits until it has.
    public func ended() async throws -> Ending {
        try await child.ended.get()
    }

    /// Everything that was printed so far; all of it once the process has ended.
    public var printed: String { output.text }

    /// The memory that the process holds now, in bytes.
    public func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(child.identifier)/statm", encoding: .utf8)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension TestUser {
    /// The same person with the same token at a server process on the same database.
    public func moved(to server: ServerProcess, over rest: RESTClient) -> TestUser {
        TestUser(id: id, username: username, signIn: signIn, rest: rest.with(token: token), port: server.port)
    }
}

/// Why there is no server process, or none that did what it was started for.
public enum ServerProcessError: Error {
    case failed(ServerProcess.Ending, output: String)
    case didNotStart(ServerProcess.Ending, output: String)
}
