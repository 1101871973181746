/// How far the end of a connection is (RFC 6455, section 7). Pure: it is told what happened and says what is left to do.
struct CloseProgress {
    enum Action: Equatable {
        /// The peer has not answered yet.
        case wait
        /// Nothing more will be sent, but the peer may still be sending: closing now would make the kernel reset the connection, and the
        /// reset would destroy the close frame before the peer reads it.
        case closeOutput
        case close
    }

    private var hasClosed = false
    private var peerHasClosed = false
    private var hasFailed = false
    private var outputIsClosed = false

    var isOpen: Bool { !hasClosed }

    /// We want to close. False when that already began.
    mutating func close() -> Bool {
        guard !hasClosed else { return false }
        hasClosed = true
        return true
    }

    /// The peer's close frame came. True when it must be answered.
    mutating func peerClosed() -> Bool {
        peerHasClosed = true
        return close()
    }

    /// The peer broke a rule: nothing it says can be understood any more. True when it can still be told.
    mutating func fail() -> Bool {
        guard close() else { return false }
        hasFailed = true
        return true
    }

    /// The peer sends nothing more. True when a close frame of ours is on its way and should get out.
    mutating func peerEnded() -> Bool {
        peerHasClosed = true
        return hasClosed
    }

    /// Everything queued was handed to the kernel.
    mutating func drained() -> Action {
        guard hasClosed else { return .wait }
        if peerHasClosed {
            return .close
        }
        guard hasFailed, !outputIsClosed else { return .wait }
        outputIsClosed = true
        return .closeOutput
    }
}
