import NIOCore
import NIOPosix

/// How long to wait before the next attempt to connect: nothing at first, then twice as long each time.
struct Backoff {
    static let firstPause = TimeAmount.milliseconds(25)
    static let pauseMax = TimeAmount.seconds(2)

    private(set) var failures = 0

    mutating func reset() {
        failures = 0
    }

    /// Counts a failure and waits.
    mutating func pause() async {
        failures += 1
        guard failures > 1 else { return }
        let doublings = min(failures - 2, 16)
        let pause = min(Self.firstPause.nanoseconds << doublings, Self.pauseMax.nanoseconds)
        // A timer of a loop rather than a sleep: it holds no thread and no lock.
        let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .nanoseconds(pause)) {}
        try? await timer.futureResult.get()
    }
}
