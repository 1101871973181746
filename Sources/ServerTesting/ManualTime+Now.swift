import Core

extension ManualTime {
    /// A clock that begins now: what is prepared by it, tokens above all, holds for a server that goes by the machine's clock.
    public static var startingNow: ManualTime { ManualTime(SystemTime().now) }
}
