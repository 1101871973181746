import NIOCore

/// The bounds of every streamed answer. All have defaults that suit the open internet.
struct HTTPStreamConfiguration: Sendable {
    init() {}

    /// The largest body of a request that begins a stream or posts commands to one. More is answered with 413.
    var requestBytesMax = 65_536

    /// How long the body of such a request may take to arrive.
    var requestTimeout = TimeAmount.seconds(10)

    /// Bytes accepted for a client but not yet handed to the kernel. More close the stream with 3008 "slow"; the goodbye always fits.
    var queueBytesMax = 1_048_576

    /// How long the kernel may take nothing from a queue that is not empty. It is looked at once a second. Short (protocol A.9): who falls
    /// back on a stream comes back in a moment and resumes, and nobody else is to pay for its queue meanwhile.
    var stallTimeout = TimeAmount.seconds(1)

    /// How long the queue may take to drain before the TCP connection is closed anyway.
    var closeTimeout = TimeAmount.seconds(5)

    /// No stream ends sooner than this after it began: some clients come back at once, hundreds of times a second, when one ends before it
    /// stands (protocol A.9).
    var lifetimeMin = TimeAmount.milliseconds(500)
}
