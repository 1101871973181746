/// How many bookings have been played; whoever stays away for a while waits here instead of for a time.
actor PlayClock {
    private var played = 0
    private var isOver = false
    private var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func advance() {
        played += 1
        wake()
    }

    /// Nobody waits any longer.
    func end() {
        isOver = true
        wake()
    }

    /// Waits until so many more bookings have been played, or the play is over.
    func passes(_ bookings: Int) async {
        guard !isOver, bookings > 0 else { return }
        let count = played + bookings
        await withCheckedContinuation { waiters.append((count, $0)) }
    }

    private func wake() {
        guard !waiters.isEmpty else { return }
        let due = waiters.filter { isOver || $0.count <= played }
        waiters.removeAll { isOver || $0.count <= played }
        for waiter in due { waiter.continuation.resume() }
    }
}
