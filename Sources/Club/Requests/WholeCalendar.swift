import Client
import Wire

extension RESTClient {
    /// The longest stretch that is asked for in one request.
    static let calendarDaysMax = 366
    private static let calendarAttemptsMax = 5

    /// A calendar of any length as one snapshot: its parts are read again until all stand at the same position.
    ///
    /// - Throws: `Problem`, ``ClubPlay/Failure/calendarIsRestless`` where something changes all the time.
    func wholeCalendar(venue: Int64, days: ClosedRange<LocalDate>) async throws -> CalendarSnapshot {
        for _ in 0..<Self.calendarAttemptsMax {
            var parts: [CalendarSnapshot] = []
            var first = days.lowerBound
            while first <= days.upperBound {
                let last = min(first.advanced(byDays: Self.calendarDaysMax - 1), days.upperBound)
                parts.append(try await calendar(venue: venue, from: first, through: last))
                first = last.advanced(byDays: 1)
            }
            guard let head = parts.first else { continue }
            if parts.allSatisfy({ $0.stream == head.stream }) {
                return CalendarSnapshot(venueID: venue, status: head.status, stream: head.stream, slots: parts.flatMap(\.slots))
            }
        }
        throw ClubPlay.Failure.calendarIsRestless
    }
}
