import NIOCore
import Testing

@testable import Realtime

@Suite struct CoalescingWindowTests {
    private let began = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// Delivers for `busy` out of every millisecond, for so many milliseconds.
    private func run(_ window: inout CoalescingWindow, from start: NIODeadline, milliseconds: Int64, busy: TimeAmount) -> NIODeadline {
        var now = start
        for _ in 0..<milliseconds {
            window.delivered(from: now, to: now + busy)
            now = now + .milliseconds(1)
        }
        return now
    }

    @Test func `a quiet loop never waits`() {
        var window = CoalescingWindow(longest: .milliseconds(2), now: began)
        #expect(window.pause(at: began) == .zero)
        let now = run(&window, from: began, milliseconds: 500, busy: .microseconds(250))
        #expect(window.pause(at: now) == .zero)
    }

    @Test func `a busy loop waits for what is left of the window since its last delivery`() {
        var window = CoalescingWindow(longest: .milliseconds(2), now: began)
        let now = run(&window, from: began, milliseconds: 500, busy: .microseconds(990))
        let end = now - .milliseconds(1) + .microseconds(990)
        #expect(window.pause(at: end) == .milliseconds(2))
        #expect(window.pause(at: end + .microseconds(500)) == .microseconds(1_500))
        #expect(window.pause(at: end + .milliseconds(2)) == .zero)
        #expect(window.pause(at: end + .seconds(1)) == .zero)
    }

    @Test func `between quiet and busy the window is in between`() {
        var window = CoalescingWindow(longest: .milliseconds(2), now: began)
        let now = run(&window, from: began, milliseconds: 500, busy: .microseconds(550))
        let pause = window.pause(at: now - .milliseconds(1) + .microseconds(550))
        #expect(pause > .microseconds(500) && pause < .microseconds(1_500))
    }

    @Test func `what was measured before a pause is forgotten`() {
        var window = CoalescingWindow(longest: .milliseconds(2), now: began)
        let busy = run(&window, from: began, milliseconds: 500, busy: .microseconds(990))
        let later = busy + .milliseconds(150)
        window.delivered(from: later, to: later + .microseconds(10))
        #expect(window.pause(at: later + .microseconds(10)) == .zero)
    }

    @Test func `a window of no length never waits`() {
        var window = CoalescingWindow(longest: .zero, now: began)
        let now = run(&window, from: began, milliseconds: 500, busy: .microseconds(990))
        #expect(window.pause(at: now - .milliseconds(1) + .microseconds(990)) == .zero)
    }
}
