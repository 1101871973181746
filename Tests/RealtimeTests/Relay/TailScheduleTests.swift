import NIOCore
import Testing

@testable import Realtime

@Suite struct TailScheduleTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func rested() -> TailSchedule {
        var schedule = TailSchedule(at: start)
        schedule.begin(at: start)
        schedule.succeeded()
        return schedule
    }

    @Test func `the first look is due at once, the next a second after it began`() {
        var schedule = TailSchedule(at: start)
        #expect(schedule.due == start)
        schedule.begin(at: start)
        #expect(schedule.due == nil)
        schedule.succeeded()
        #expect(schedule.due == start + .seconds(1))
    }

    @Test func `a wake-up makes the next look immediate, however many there are`() {
        var schedule = rested()
        for _ in 0..<1_000 { schedule.wake() }
        #expect(schedule.due == start + TailSchedule.floor)
    }

    @Test func `a wake-up during a look brings one more, and never a second one at the same time`() {
        var schedule = rested()
        schedule.begin(at: start + .seconds(1))
        schedule.wake()
        schedule.wake()
        #expect(schedule.due == nil)
        schedule.succeeded()
        #expect(schedule.due == start + .seconds(1) + TailSchedule.floor)
        schedule.begin(at: start + .seconds(2))
        schedule.succeeded()
        #expect(schedule.due == start + .seconds(3))
    }

    @Test func `a log that fails is asked less and less often, at least once a second, and not more for being woken`() {
        var schedule = rested()
        var pauses: [Int64] = []
        for second in 1...8 {
            let now = start + .seconds(Int64(second))
            schedule.begin(at: now)
            schedule.failed(at: now) { $0.upperBound - 1 }
            schedule.wake()
            if let due = schedule.due { pauses.append((due - now).nanoseconds / 1_000_000) }
        }
        #expect(pauses == [100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000])
        // What it was woken for is looked for once the log is back.
        schedule.begin(at: start + .seconds(9))
        schedule.succeeded()
        #expect(schedule.due == start + .seconds(10))
    }

    @Test func `the pauses of several nodes are spread`() {
        var schedule = rested()
        schedule.begin(at: start)
        schedule.failed(at: start) { $0.lowerBound }
        #expect(schedule.due == start + .milliseconds(50))
    }
}
