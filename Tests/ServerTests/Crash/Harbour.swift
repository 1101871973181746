/// Where the server of the moment is: clients that have lost the last one wait here for the next.
actor Harbour {
    private var port: Int?
    private var isAbandoned = false
    private var arrivals = 0
    private var waitingForPort: [CheckedContinuation<Void, Never>] = []
    private var waitingForArrivals: (count: Int, continuation: CheckedContinuation<Void, Never>)?

    /// No client will find a server until the next call of ``open(at:)``.
    func close() {
        port = nil
    }

    /// A server is there.
    func open(at port: Int) {
        self.port = port
        arrivals = 0
        release()
    }

    /// There will be no other server: whoever waits is told so.
    func abandon() {
        isAbandoned = true
        release()
        waitingForArrivals?.continuation.resume()
        waitingForArrivals = nil
    }

    /// Waits for a server.
    ///
    /// - Throws: `CancellationError` where none will come.
    func serverPort() async throws -> Int {
        while !isAbandoned {
            if let port { return port }
            await withCheckedContinuation { waitingForPort.append($0) }
        }
        throw CancellationError()
    }

    /// A client has connected to the present server.
    func arrived() {
        arrivals += 1
        guard let waiting = waitingForArrivals, arrivals >= waiting.count else { return }
        waitingForArrivals = nil
        waiting.continuation.resume()
    }

    /// Waits until so many clients have connected to the present server. One task waits at a time.
    func everybodyHasArrived(_ count: Int) async {
        guard arrivals < count, !isAbandoned else { return }
        await withCheckedContinuation { waitingForArrivals = (count, $0) }
    }

    private func release() {
        let released = waitingForPort
        waitingForPort = []
        for continuation in released { continuation.resume() }
    }
}
