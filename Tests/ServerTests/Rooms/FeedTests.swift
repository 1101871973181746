import Client
import Core
import ForeignPrograms
import Foundation
import Rooms
import ServerTesting
import Testing
import Wire

/// Calendars at secret addresses, read by programs that others wrote.
@Suite(
    .timeLimit(.minutes(3)),
    .enabled(
        if: ForeignProgram.python(with: "icalendar", "recurring_ical_events") != nil,
        "icalendar and recurring-ical-events are missing: scripts/setup.sh installs them"))
struct FeedTests {
    @Test func `a person's calendar has what the person has reserved and is invited to`() async throws {
        try await TestServer.run { server in
            let people = try await server.members("ana", "ben", "eve")
            let (ana, ben, eve) = (people[0], people[1], people[2])
            let room = try await server.room()
            let own = try await ana.booked(
                room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", title: #"秘密; 计划, a\\b"#,
                more: #","description":"Names","isPrivate":true"#
            )
            let invited = try await ben.booked(room.id, "2026-07-02T11:00:00Z", "2026-07-02T12:00:00Z", title: "Review")
            let declined = try await ben.booked(room.id, "2026-07-02T13:00:00Z", "2026-07-02T14:00:00Z", title: "Dull")
            for id in [invited, declined] {
                try await ben.meet("PUT", "/reservations/\(id)/invitees", #"{"usernames":["ana"]}"#).success()
            }
            try await ana.meet("PUT", "/reservations/\(declined)/answer", #"{"answer":"declined"}"#).success()
            try await ana.meet("PATCH", "/reservations/\(own)", #"{"endTime":"2026-07-02T10:30:00Z"}"#).success()
            let address = try await ana.meet("PUT", "/feed").payload(FeedAddress.self)

            let answer = try await server.rest.get(address.path)
            #expect(answer.status == 200 && answer.header("Content-Type") == "text/calendar; charset=utf-8")
            #expect(answer.header("Cache-Control") == "private, no-cache")
            #expect(answer.header("Last-Modified") == "Wed, 01 Jul 2026 00:00:00 GMT")
            let calendar = try ReadCalendar(answer)
            #expect(calendar.wrong.isEmpty && calendar.name == "ana")
            #expect(calendar.events.map(\.summary) == [#"秘密; 计划, a\b"#, "Review"])
            #expect(calendar.events.map(\.status) == ["CONFIRMED", "TENTATIVE"])
            #expect(calendar.events[0].start == "2026-07-02T09:00:00Z" && calendar.events[0].end == "2026-07-02T10:30:00Z")
            #expect(calendar.events[0].sequence == 1 && calendar.events[0].description == "Names" && calendar.events[0].class == "PRIVATE")
            #expect(calendar.events[0].location == "大会议室, 一楼左侧101")
            #expect(try await eve.meet("GET", "/feed").status == 404)
            // The rooms' own port has it, too.
            let port = try #require(server.roomsPort)
            let there = try await RESTClient.run(port: port) { rooms in try await rooms.get(address.path) }
            #expect(there.body == answer.body)
        }
    }

    @Test func `a room's calendar shows a private meeting as busy and names nobody`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            _ = try await ana.booked(
                room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", title: "Open", more: #","description":"Names""#
            )
            _ = try await ana.booked(
                room.id, "2026-07-02T11:00:00Z", "2026-07-02T12:00:00Z", title: "Layoffs",
                more: #","description":"Names","isPrivate":true"#
            )
            try await ana.repeating(room.id, "FREQ=DAILY;COUNT=3", start: "2026-07-02T22:00:00").success()
            let path = "/rooms/\(room.id)/feed"
            #expect(try await server.rest.meet("PUT", path).status == 401)
            #expect(try await ana.meet("PUT", path).status == 403)
            #expect(try await server.admin.meet("PUT", "/rooms/999999/feed").status == 404)
            let address = try await server.admin.meet("PUT", path).payload(FeedAddress.self)
            let answer = try await server.rest.get(address.path)
            let calendar = try ReadCalendar(answer)
            #expect(calendar.events.map(\.summary) == ["Open", "busy", "Standup", "Standup", "Standup"])
            #expect(!answer.text.contains("Layoffs") && !answer.text.contains("Names") && !answer.text.contains("ana"))
            #expect(Set(calendar.events.map(\.uid)).count == 3)
        }
    }

    @Test(
        .enabled(
            if: ForeignProgram.named("vdirsyncer") != nil && ForeignProgram.named("khal") != nil,
            "vdirsyncer and khal are missing: scripts/setup.sh installs them"))
    func `vdirsyncer fetches a calendar twice, and khal lists it`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            try await ana.repeating(room.id, "FREQ=DAILY;COUNT=2").success()
            let address = try await ana.meet("PUT", "/feed").payload(FeedAddress.self)
            let python = try #require(ForeignProgram.named("python3"))
            let arguments = ["http://127.0.0.1:\(server.port)\(address.path)", "2026-07-01", "30"]
            let lines = try await Self.onThreadOfItsOwn {
                try python.lines(of: "subscribe-feed.py", arguments, input: "").map(String.init)
            }
            let place = "大会议室, 一楼左侧101"
            #expect(
                lines == [
                    "2026-07-02T01:00|2026-07-02T02:00|Standup|\(place)", "2026-07-03T01:00|2026-07-03T02:00|Standup|\(place)",
                ])
        }
    }

    /// The server answers on threads that must not block.
    private static func onThreadOfItsOwn<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
        }
    }

    @Test func `an address is known by its tag, changes with its content, and ends when it is replaced or revoked`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let first = try await ana.meet("PUT", "/feed").payload(FeedAddress.self)
            #expect(try await ana.meet("GET", "/feed").payload(FeedState.self).createdAt == first.createdAt)
            let tag = try #require(try await server.rest.get(first.path).header("ETag"))
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try await server.rest.get(first.path, headers: [("If-None-Match", known)])
                #expect(again.status == 304 && again.body.isEmpty && again.header("ETag") == tag, "\(known)")
            }
            server.time.advance(bySeconds: 60)
            let id = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            let changed = try await server.rest.get(first.path, headers: [("If-None-Match", tag)])
            #expect(changed.status == 200 && changed.header("Last-Modified") == "Wed, 01 Jul 2026 00:01:00 GMT")
            server.time.advance(bySeconds: 60)
            try await ana.meet("DELETE", "/reservations/\(id)").success()
            let cancelled = try await server.rest.get(first.path)
            #expect(cancelled.header("ETag") != changed.header("ETag"))
            #expect(cancelled.header("Last-Modified") == "Wed, 01 Jul 2026 00:02:00 GMT")

            let second = try await ana.meet("PUT", "/feed").payload(FeedAddress.self)
            #expect(second.path != first.path)
            #expect(try await server.rest.get(first.path).status == 404)
            #expect(try await server.rest.get(second.path).status == 200)
            #expect(try await ana.meet("DELETE", "/feed").status == 204)
            #expect(try await server.rest.get(second.path).status == 404)
            #expect(try await ana.meet("DELETE", "/feed").status == 404)
            for path in ["/feeds/x.ics", "/feeds/\(String(repeating: "A", count: 43)).ics", "/feeds/%00.ics"] {
                #expect(try await server.rest.get(path).status == 404, "\(path)")
            }
        }
    }

    @Test func `what was cancelled is said to be, for as long as anybody could still come`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let id = try await ana.booked(
                room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", title: "Layoffs", more: #","isPrivate":true"#)
            let far = try await ana.booked(room.id, "2026-12-02T09:00:00Z", "2026-12-02T10:00:00Z")
            let own = try await ana.meet("PUT", "/feed").payload(FeedAddress.self)
            let rooms = try await server.admin.meet("PUT", "/rooms/\(room.id)/feed").payload(FeedAddress.self)
            let before = try ReadCalendar(try await server.rest.get(own.path)).events
            #expect(before.map(\.status) == ["CONFIRMED", "CONFIRMED"])

            server.time.advance(bySeconds: 60)
            for id in [id, far] { try await ana.meet("DELETE", "/reservations/\(id)").success() }
            let after = try ReadCalendar(try await server.rest.get(own.path)).events
            #expect(after.map(\.status) == ["CANCELLED", "CANCELLED"])
            #expect(after.map(\.uid) == before.map(\.uid) && after.map(\.sequence) == before.map { $0.sequence + 1 })
            #expect(after.map(\.changed) == ["2026-07-01T00:01:00Z", "2026-07-01T00:01:00Z"])
            #expect(after.map(\.summary) == ["Layoffs", "Planning"])
            let shown = try await server.rest.get(rooms.path)
            #expect(try ReadCalendar(shown).events.map { "\($0.summary) \($0.status)" } == ["busy CANCELLED", "Planning CANCELLED"])
            #expect(!shown.text.contains("Layoffs"))

            // Its time is over.
            server.time.advance(bySeconds: 34 * 3_600)
            #expect(try ReadCalendar(try await server.rest.get(own.path)).events.map(\.summary) == ["Planning"])
            // Its end is far away, its cancellation is long ago.
            server.time.advance(bySeconds: 30 * 86_400)
            #expect(try ReadCalendar(try await server.rest.get(own.path)).events.isEmpty)
        }
    }

    @Test func `an address ends with its person or its room`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let own = try await ana.meet("PUT", "/feed").payload(FeedAddress.self)
            let rooms = try await server.admin.meet("PUT", "/rooms/\(room.id)/feed").payload(FeedAddress.self)
            #expect(try await server.admin.meet("DELETE", "/users/\(ana.id)").status == 204)
            #expect(try await server.admin.meet("DELETE", "/rooms/\(room.id)").status == 204)
            for path in [own.path, rooms.path] { #expect(try await server.rest.get(path).status == 404) }
        }
    }

    @Test func `of many who replace an address at once each gets one, and one works`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let paths = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await ana.meet("PUT", "/feed").payload(FeedAddress.self).path } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            var working = 0
            for path in paths where try await server.rest.get(path).status == 200 { working += 1 }
            #expect(paths.count == 8 && working == 1)
        }
    }
}
