import NIOCore
import NIOPosix

/// Beats now and once a second until nobody listens; a beat that comes while the last one is worked on is heard after it, and only once.
enum EverySecond {
    static func beats() -> AsyncStream<NIODeadline> {
        let (beats, beating) = AsyncStream<NIODeadline>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let task = MultiThreadedEventLoopGroup.singleton.next().scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(1)) { _ in
            beating.yield(.now())
        }
        beating.onTermination = { _ in task.cancel() }
        return beats
    }
}
