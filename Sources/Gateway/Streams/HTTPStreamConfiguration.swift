import NIOCore

/// The bounds of every streamed answer. All have defaults that suit the open internet.
struct HTTPStreamConfiguration: Sendable {
    /// The largest body of a request that begins a stream or posts commands to one. More is answered with 413.
    var requestBytesMax = 65_536

    /// How long the body of such a request may take to arrive.
    var requestTimeout = TimeAmount.seconds(10)

    /// Bytes accepted for a client but not yet handed to the kernel. More close the stream with 3008 "slow"; the goodbye always fits.
    var queueBytesMax = 1_048_576

    /// How long the kernel may take nothing from a queue that is not empty.
    var stallTimeout = TimeAmount.seconds(10)

    /// How long the queue may take to drain before the TCP connection is closed anyway.
    var closeTimeout = TimeAmount.seconds(5)

    /// No stream ends sooner than this after it began: some clients come back at once, hundreds of times a second, when one ends before it
    /// stands (protocol A.9).
    var lifetimeMin = TimeAmount.milliseconds(500)
}
