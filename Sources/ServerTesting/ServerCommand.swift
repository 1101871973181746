import Foundation
import NIOCore
import NIOPosix
import Synchronization

extension ServerProcess {
    /// Runs the executable with another command than those that serve, to its end.
    ///
    /// - Returns: how it ended, and everything that it printed.
    public static func command(_ arguments: String...) async throws -> (ending: Ending, printed: String) {
        let printed = Printed()
        let child = try ChildProcess(
            executable().path, arguments, environment: ProcessInfo.processInfo.environment, on: MultiThreadedEventLoopGroup.singleton.any()
        ) { printed.append($0) }
        let ending = try await child.ended.get()
        return (ending, printed.text)
    }

    private final class Printed: Sendable {
        private let bytes = Mutex<[UInt8]>([])

        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

        func append(_ more: UnsafeRawBufferPointer) { bytes.withLock { $0.append(contentsOf: more) } }
    }
}
