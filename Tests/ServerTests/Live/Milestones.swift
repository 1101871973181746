/// Counts what was done, and lets others wait until so much is.
actor Milestones {
    private var count = 0
    private var isOver = false
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func advance() {
        count += 1
        wake()
    }

    /// Nothing more will be done: nobody waits any longer, whatever was reached.
    func end() {
        isOver = true
        wake()
    }

    func reached(_ count: Int) async {
        await withCheckedContinuation { continuation in
            waiting.append((count, continuation))
            wake()
        }
    }

    private func wake() {
        let due = waiting.filter { isOver || $0.count <= count }
        waiting.removeAll { isOver || $0.count <= count }
        for waiter in due { waiter.continuation.resume() }
    }
}
