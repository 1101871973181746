import Foundation
import Glibc
import NIOCore
import Synchronization

/// A process that a test has started: what it prints, how it is told to go, and how it went.
///
/// Foundation's `Process` now and then misses a child's end when several are started at once, so this spawns by itself.
final class ChildProcess: Sendable {
    /// Fulfilled when the process is gone and all that it has printed was handed over.
    let ended: EventLoopFuture<ServerProcess.Ending>
    let identifier: pid_t
    private let isReaped = Mutex(false)
    /// One at a time: a pipe is not closed to other children from its first moment on, and who inherits it keeps it open.
    private static let spawning = Mutex(())

    /// - Parameter output: is called with what the process prints, on a thread of its own.
    /// - Throws: `POSIXError`.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String], on eventLoop: any EventLoop,
        output: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) throws {
        let reading: Int32
        (identifier, reading) = try Self.spawning.withLock { _ in
            let (reading, writing) = try Self.pipe()
            defer { close(writing) }
            do {
                return (try Self.spawn(executable, arguments, environment, output: writing), reading)
            } catch {
                close(reading)
                throw error
            }
        }
        let promise = eventLoop.makePromise(of: ServerProcess.Ending.self)
        ended = promise.futureResult
        let thread = Thread { [self] in
            Self.read(reading, output)
            promise.succeed(reap())
        }
        thread.name = "child.\(identifier)"
        thread.start()
    }

    /// Sends a signal, if there still is somebody to get it: the number of a process that was reaped may be another's by now.
    func signal(_ signal: Int32) {
        isReaped.withLock { isReaped in
            if !isReaped { _ = Glibc.kill(identifier, signal) }
        }
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try check(Glibc.pipe(&ends) == 0 ? 0 : errno)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ executable: String, _ arguments: [String], _ environment: [String: String], output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        // A child that inherits the sockets of a test keeps connections open that the test has cut: their peers would wait in silence.
        try closeEverythingElse(&actions)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that tests run on block signals, and a child begins with its parent's mask.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var argumentPointers = ([executable] + arguments).map { strdup($0) } + [nil]
        var environmentPointers = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        var identifier: pid_t = 0
        try check(posix_spawn(&identifier, executable, &actions, &attributes, &argumentPointers, &environmentPointers))
        return identifier
    }

    private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    /// The C library's header hides the function from Swift: it is an extension of GNU's (glibc 2.34 and later).
    private static func closeEverythingElse(_ actions: inout posix_spawn_file_actions_t) throws {
        guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { throw POSIXError(.ENOSYS) }
        try check(unsafeBitCast(symbol, to: CloseFrom.self)(&actions, STDERR_FILENO + 1))
    }

    private static func check(_ code: Int32) throws {
        if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    }

    /// Reads until nobody can write any more.
    private static func read(_ descriptor: Int32, _ output: (UnsafeRawBufferPointer) -> Void) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
        defer {
            buffer.deallocate()
            close(descriptor)
        }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 {
                output(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }

    private func reap() -> ServerProcess.Ending {
        // First only looks, so that no signal can be sent to a number that was given back.
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return isReaped.withLock { isReaped in
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            isReaped = true
            let signal = status & 0x7F
            return signal == 0 ? .exited(status: status >> 8 & 0xFF) : .killed(signal: signal)
        }
    }
}
