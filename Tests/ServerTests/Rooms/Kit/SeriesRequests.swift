import Client
import Rooms
import ServerTesting

extension TestUser {
    /// Tries to reserve a room again and again: an hour each, from nine on by the wall clock of Shanghai, first on 2 July 2026, a Thursday.
    func repeating(_ room: Room.ID, _ rule: String, start: String = "2026-07-02T09:00:00", more: String = "") async throws -> RESTResponse {
        try await meet(
            "POST", "/series",
            #"{"title":"Standup","roomId":\#(room),"startTime":"\#(start)","durationMinutes":60,"rule":"\#(rule)"\#(more)}"#
        )
    }

    func series(_ id: RoomSeries.ID) async throws -> DatedSeries {
        try await meet("GET", "/series/\(id)").payload()
    }
}

extension DatedSeries {
    /// When the dates begin, as instants.
    var starts: [String] { dates.map { "\($0.startTime)" } }
}
