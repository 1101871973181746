import Dispatch
import Synchronization

/// Lets commits of this server that touch a channel go one after the other, so that their events are handed over in the order of their offsets.
///
/// It costs nothing that the database would not: the channel's row makes them wait for each other anyway. Whoever waits has a place in the
/// line, and so nobody waits for ever.
final class ChannelOrder: Sendable {
    private struct Place {
        let number: Int
        let channels: [String]
        let turn: DispatchSemaphore
        var isCalled = false
    }

    private struct State {
        /// Those who go and those who wait, in the order in which they came; no more than there are writers.
        var line: [Place] = []
        var lastNumber = 0

        /// Those whose channels nobody before them needs.
        mutating func callNext() -> [DispatchSemaphore] {
            var taken: Set<String> = []
            var called: [DispatchSemaphore] = []
            for index in line.indices {
                if !line[index].isCalled, taken.isDisjoint(with: line[index].channels) {
                    line[index].isCalled = true
                    called.append(line[index].turn)
                }
                taken.formUnion(line[index].channels)
            }
            return called
        }
    }

    private let state = Mutex(State())

    func holding<Result>(_ channels: [String], _ body: () -> Result) -> Result {
        guard !channels.isEmpty else { return body() }
        let turn = DispatchSemaphore(value: 0)
        let number = state.withLock { state in
            state.lastNumber += 1
            state.line.append(Place(number: state.lastNumber, channels: channels, turn: turn))
            for called in state.callNext() { called.signal() }
            return state.lastNumber
        }
        turn.wait()
        defer {
            state.withLock { state in
                state.line.removeAll { $0.number == number }
                for called in state.callNext() { called.signal() }
            }
        }
        return body()
    }
}
