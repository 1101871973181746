/// What came of a play, in numbers.
public struct ClubReport: Sendable {
    public var venues = 0
    public var accounts = 0
    public var watchers = 0
    public var restlessWatchers = 0

    public var accepted = 0
    /// By what the server answered: `409 booking.no_room`.
    public var refusals: [String: Int] = [:]
    /// How long the bookings took, all together.
    public var bookingTime = Duration.zero

    /// Events that the watchers have applied, all together, and those of them that came with a resumption.
    public var delivered = 0
    public var recovered = 0
    public var resumes = 0
    public var notRecovered = 0
    public var gaps = 0
    public var duplicates = 0
    /// From the arrival of a booking's answer to the last connected watcher's hearing of it, zero where the events were first.
    public var delayP50: Duration?
    public var delayP99: Duration?

    /// Watchers whose replica equals the fresh snapshot.
    public var equalReplicas = 0
    /// What watchers complained of, each once.
    public var complaints: Set<String> = []

    public init() {}

    public var refused: Int { refusals.values.reduce(0, +) }

    public var bookingsPerSecond: Double {
        let seconds = bookingTime / .seconds(1)
        return seconds > 0 ? Double(accepted) / seconds : 0
    }

    /// Whether nothing was refused, lost or told twice, and every replica is what the server has.
    public var isFlawless: Bool {
        refused == 0 && notRecovered == 0 && gaps == 0 && duplicates == 0 && equalReplicas == watchers && complaints.isEmpty
    }
}
