import Glibc

/// Ends another thread's `poll`: a pipe that becomes readable at ``ring()`` and stays so until ``answer()``.
final class WakeUp: Sendable {
    let descriptor: Int32
    private let bell: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        // Where there are no descriptors left, the thread wakes by its time-outs.
        _ = pipe(&ends)
        (descriptor, bell) = (ends[0], ends[1])
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        for end in [descriptor, bell] where end >= 0 { close(end) }
    }

    func ring() {
        var mark: UInt8 = 0
        _ = Glibc.write(bell, &mark, 1)
    }

    /// Takes up to so many rings at once; what is left rings again.
    func answer() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { _ = Glibc.read(descriptor, $0.baseAddress, $0.count) }
    }
}
