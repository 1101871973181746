import Foundation

/// What icalendar and recurring-ical-events read in a calendar.
public struct ReadCalendar: Decodable, Sendable {
    public struct Event: Decodable, Sendable {
        public let uid: String
        public let summary: String
        public let description: String?
        public let location: String?
        public let status: String
        public let `class`: String?
        public let start: String
        public let end: String
        public let sequence: Int
        public let changed: String
    }

    /// Lines that are none; zones that are used and not told, or told wrongly for what occurs.
    public let wrong: [String]
    public let name: String
    /// How often it is to be read again, in seconds.
    public let refresh: Double
    /// Each that occurs, in order of time.
    public let events: [Event]
}

/// What icalendar reads in a calendar of times that are taken.
public struct ReadFreeBusy: Decodable, Sendable {
    public let wrong: [String]
    public let start: String
    public let end: String
    /// `BUSY 2026-07-02T01:00:00Z 2026-07-02T02:00:00Z`, as they stand.
    public let periods: [String]
}

extension ForeignProgram {
    /// - Parameters:
    ///   - start: `2026-06-01`, as is `end`.
    ///   - environment: beside what this process has.
    /// - Throws: ``Failure``, `DecodingError`.
    public func calendar(
        _ text: String, from start: String, to end: String, environment: [String: String] = [:]
    ) throws -> ReadCalendar {
        try read(["events", start, end], text, environment)
    }

    /// - Throws: ``Failure``, `DecodingError`.
    public func freeBusy(_ text: String) throws -> ReadFreeBusy { try read(["busy"], text, [:]) }

    private func read<Result: Decodable>(_ arguments: [String], _ text: String, _ environment: [String: String]) throws -> Result {
        let lines = try lines(of: "read-icalendar.py", arguments, input: text, environment: environment)
        return try JSONDecoder().decode(Result.self, from: Data(lines.joined(separator: "\n").utf8))
    }
}
