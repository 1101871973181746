import Client
import ForeignPrograms
import Foundation
import Testing

/// What icalendar and recurring-ical-events read in a calendar.
struct ReadCalendar: Decodable {
    struct Event: Decodable {
        let uid: String
        let summary: String
        let description: String?
        let location: String?
        let status: String
        let `class`: String?
        let start: String
        let end: String
        let sequence: Int
        let changed: String
    }

    /// Lines that are none; zones that are used and not told, or told wrongly for what occurs.
    let wrong: [String]
    let name: String
    /// Each that occurs, in order of time.
    let events: [Event]

    /// - Parameters:
    ///   - start: `2026-06-01`, as is `end`.
    init(_ answer: RESTResponse, from start: String = "2026-06-01", to end: String = "2026-12-31") throws {
        self = try readByPython(["events", start, end], answer)
    }
}

/// What icalendar reads in a calendar of times that are taken.
struct ReadFreeBusy: Decodable {
    let wrong: [String]
    let start: String
    let end: String
    /// `BUSY 2026-07-02T01:00:00Z 2026-07-02T02:00:00Z`, as they stand.
    let periods: [String]

    init(_ answer: RESTResponse) throws {
        self = try readByPython(["busy"], answer)
    }
}

private func readByPython<Result: Decodable>(_ arguments: [String], _ answer: RESTResponse) throws -> Result {
    let python = try #require(ForeignProgram.python(with: "icalendar", "recurring_ical_events"))
    let lines = try python.lines(of: "read-icalendar.py", arguments, input: answer.text)
    return try JSONDecoder().decode(Result.self, from: Data(lines.joined(separator: "\n").utf8))
}
