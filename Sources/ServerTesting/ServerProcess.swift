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
    private let process: Process
    private let output: ProcessOutput
    private let ended: EventLoopFuture<Ending>

    private init(port: Int, _ process: Process, _ output: ProcessOutput, _ ended: EventLoopFuture<Ending>) {
        self.port = port
        self.process = process
        self.output = output
        self.ended = ended
    }

    /// Starts a server on the directory's database and a free port, runs the body, and kills the server if the body has not ended it.
    ///
    /// - Throws: ``ServerProcessError/didNotStart(_:output:)``, and what the body throws.
    public static func run<Result>(in directory: TestDirectory, _ body: (ServerProcess) async throws -> Result) async throws -> Result {
        let server = try await launch(in: directory)
        do {
            let result = try await body(server)
            await server.kill()
            return result
        } catch {
            await server.kill()
            throw error
        }
    }

    private static func launch(in directory: TestDirectory) async throws -> ServerProcess {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let output = ProcessOutput(on: loop)
        let promise = loop.makePromise(of: Ending.self)
        let process = Process()
        process.executableURL = try executable()
        process.currentDirectoryURL = directory.url
        process.arguments = ["serve", "--port", "0", "--database", directory.databaseURL, "--loops", "2"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "RINGSIDE_ADMIN_USERNAME": TestServer.adminName, "RINGSIDE_ADMIN_PASSWORD": TestServer.adminPassword,
            "RINGSIDE_DRAIN_SECONDS": "0",
        ]) { $1 }
        process.standardOutput = output.pipe
        process.standardError = output.pipe
        process.terminationHandler = { process in
            promise.succeed(
                process.terminationReason == .exit
                    ? .exited(status: process.terminationStatus) : .killed(signal: process.terminationStatus)
            )
        }
        do {
            try process.run()
        } catch {
            promise.fail(error)
            output.end()
            throw error
        }
        guard let port = try await output.port.get() else {
            throw ServerProcessError.didNotStart(try await promise.futureResult.get(), output: output.text)
        }
        return ServerProcess(port: port, process, output, promise.futureResult)
    }

    /// Lies beside the tests' own executable.
    private static func executable() throws -> URL {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: own).deletingLastPathComponent().appending(path: "ringside")
    }

    /// Ends the process as a power cut does (SIGKILL); returns when it is gone.
    public func kill() async {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        _ = try? await ended.get()
    }

    /// Asks the process to stop (SIGTERM); returns when it has.
    public func terminate() async throws -> Ending {
        process.terminate()
        return try await ended.get()
    }

    /// Everything that was printed so far; all of it once the process has ended.
    public var printed: String { output.text }

    /// The memory that the process holds now, in bytes.
    public func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8)
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

/// Why there is no server process.
public enum ServerProcessError: Error {
    case didNotStart(ServerProcess.Ending, output: String)
}
