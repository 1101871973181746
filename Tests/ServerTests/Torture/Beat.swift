import NIOCore
import NIOPosix

/// Gives the beat to something that happens again and again: a timer of an event loop.
struct Beat: Sendable {
    let pause: TimeAmount

    /// Does something so many times, with the pause between two beginnings.
    func run(_ count: Int, _ body: (_ number: Int) async throws -> Void) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        for number in 1...count {
            let next = loop.scheduleTask(in: pause) {}
            try await body(number)
            try await next.futureResult.get()
        }
    }
}
