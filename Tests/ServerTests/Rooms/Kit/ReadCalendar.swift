import Client
import ForeignPrograms
import Testing

extension ReadCalendar {
    /// - Parameters:
    ///   - start: `2026-06-01`, as is `end`.
    init(_ answer: RESTResponse, from start: String = "2026-06-01", to end: String = "2026-12-31") throws {
        self = try python().calendar(answer.text, from: start, to: end)
    }
}

extension ReadFreeBusy {
    init(_ answer: RESTResponse) throws { self = try python().freeBusy(answer.text) }
}

private func python() throws -> ForeignProgram { try #require(ForeignProgram.python(with: "icalendar", "recurring_ical_events")) }
