import SeededRandom
import Testing

@testable import Realtime

@Suite struct TimingWheelTests {
    private func rung(_ wheel: inout TimingWheel, at second: Int, _ alarms: [Alarm]) -> [Int] {
        wheel.advance(to: second)
        var rung: [Int] = []
        while let alarm = wheel.nextRinging() { rung += alarms.indices.filter { alarms[$0] === alarm } }
        return rung.sorted()
    }

    @Test func `an alarm rings once, at its second`() {
        var wheel = TimingWheel(secondsPerTurn: 8)
        let alarm = Alarm()
        wheel.set(alarm, at: 3)
        #expect(rung(&wheel, at: 2, [alarm]).isEmpty)
        #expect(rung(&wheel, at: 3, [alarm]) == [0])
        #expect(alarm.due == nil)
        #expect(rung(&wheel, at: 100, [alarm]).isEmpty)
    }

    @Test func `an alarm that was moved rings at its new second only`() {
        var wheel = TimingWheel(secondsPerTurn: 8)
        let alarm = Alarm()
        wheel.set(alarm, at: 3)
        wheel.set(alarm, at: 11)  // the same slot, a turn later
        #expect(rung(&wheel, at: 10, [alarm]).isEmpty)
        #expect(rung(&wheel, at: 11, [alarm]) == [0])
    }

    @Test func `an alarm in the past rings at the next second`() {
        var wheel = TimingWheel(secondsPerTurn: 8)
        let alarm = Alarm()
        _ = rung(&wheel, at: 5, [])
        wheel.set(alarm, at: 1)
        #expect(rung(&wheel, at: 6, [alarm]) == [0])
    }

    @Test func `an alarm that another one cancels does not ring`() {
        var wheel = TimingWheel(secondsPerTurn: 8)
        let alarms = [Alarm(), Alarm()]
        for alarm in alarms { wheel.set(alarm, at: 1) }
        wheel.advance(to: 1)
        let first = wheel.nextRinging()
        for alarm in alarms where alarm !== first { wheel.cancel(alarm) }
        #expect(wheel.nextRinging() === nil)
    }

    @Test(arguments: 0..<20)
    func `whatever is set, moved and cancelled, exactly what is due rings`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var wheel = TimingWheel(secondsPerTurn: 8)
        let alarms = (0..<30).map { _ in Alarm() }
        var due: [Int: Int] = [:]
        var now = 0
        for _ in 0..<500 {
            let index = Int.random(in: 0..<alarms.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0..<3:
                let second = now + Int.random(in: -3..<40, using: &random)
                wheel.set(alarms[index], at: second)
                due[index] = max(second, now + 1)
            case 3:
                wheel.cancel(alarms[index])
                due[index] = nil
            default:
                now += Int.random(in: 0..<20, using: &random)
                let expected = due.filter { $0.value <= now }.keys.sorted()
                #expect(rung(&wheel, at: now, alarms) == expected)
                for index in expected { due[index] = nil }
            }
        }
    }
}
