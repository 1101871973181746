import NIOCore
import Synchronization

/// What a server process prints, both of its streams together, and the port that it says it listens at.
final class ProcessOutput: Sendable {
    /// Nil when the process ends without naming one.
    let port: EventLoopFuture<Int?>
    private let promise: EventLoopPromise<Int?>
    private let state = Mutex(State())

    private struct State {
        var bytes: [UInt8] = []
        var isPortKnown = false
    }

    private static let announcement = "listening on http://127.0.0.1:"

    init(on eventLoop: any EventLoop) {
        promise = eventLoop.makePromise()
        port = promise.futureResult
    }

    var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    func append(_ bytes: UnsafeRawBufferPointer) {
        let port = state.withLock { state in
            state.bytes.append(contentsOf: bytes)
            return state.isPortKnown ? nil : Self.port(in: String(decoding: state.bytes, as: UTF8.self))
        }
        if let port { tell(port) }
    }

    /// Nothing more will come.
    func end() { tell(nil) }

    private func tell(_ port: Int?) {
        let isFirst = state.withLock { state in
            defer { state.isPortKnown = true }
            return !state.isPortKnown
        }
        if isFirst { promise.succeed(port) }
    }

    /// The number counts only once its line is complete.
    private static func port(in text: String) -> Int? {
        guard let start = text.firstRange(of: announcement)?.upperBound, let end = text[start...].firstIndex(of: "\n") else { return nil }
        return Int(text[start..<end])
    }
}
