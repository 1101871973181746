import Client
import Rooms
import ServerTesting
import Wire

extension RESTClient {
    /// Where the main port has the meeting rooms.
    static let meetingBase = "/meeting/api"

    /// Asks the meeting rooms.
    ///
    /// - Parameter body: JSON.
    func meet(_ method: String, _ path: String, _ body: String? = nil, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await send(method, Self.meetingBase + path, body: body.map { Array($0.utf8) }, headers: headers)
    }
}

extension TestUser {
    func meet(_ method: String, _ path: String, _ body: String? = nil, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await rest.meet(method, path, body, headers: headers)
    }

    /// Tries to reserve a room.
    ///
    /// - Parameters:
    ///   - start: `2026-07-02T09:00:00Z`, as is `end`.
    func book(
        _ room: Room.ID, _ start: String, _ end: String, title: String = "Planning", more: String = "", key: String? = nil
    ) async throws -> RESTResponse {
        try await meet(
            "POST", "/reservations", #"{"title":"\#(title)","startTime":"\#(start)","endTime":"\#(end)","roomId":\#(room)\#(more)}"#,
            headers: key.map { [("Idempotency-Key", $0)] } ?? []
        )
    }

    /// Reserves a room; the test fails where that is refused.
    func booked(_ room: Room.ID, _ start: String, _ end: String, title: String = "Planning", more: String = "") async throws -> Int64 {
        try await book(room, start, end, title: title, more: more).payload(ReservedRoom.self).id.rawValue
    }

    func meeting(_ id: Int64) async throws -> MeetingView {
        try await meet("GET", "/reservations/\(id)").payload()
    }

    func timeline(_ room: Room.ID, _ query: String = "date=2026-07-02") async throws -> RoomTimeline {
        try await meet("GET", "/rooms/\(room)/timeline?\(query)").payload()
    }
}

extension TestServer {
    /// A room of the document's sample.
    func room(_ name: String = "大会议室", capacity: Int = 20) async throws -> Room {
        try await admin.meet(
            "POST", "/rooms",
            #"{"name":"\#(name)","capacity":\#(capacity),"location":"一楼左侧101","description":"投影仪,黑板,通话系统,插板"}"#
        ).payload()
    }
}
