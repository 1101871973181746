import Client
import Core
import ForeignPrograms
import Rooms
import ServerTesting
import Testing
import Wire

/// Times that are taken, at the same secret addresses.
@Suite(
    .timeLimit(.minutes(3)),
    .enabled(
        if: ForeignProgram.python(with: "icalendar", "recurring_ical_events") != nil,
        "icalendar and recurring-ical-events are missing: scripts/setup.sh installs them"))
struct FreeBusyFeedTests {
    @Test func `the times of a room are told merged, in order and without what for`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let reserved = [("09:00", "10:00"), ("10:00", "11:30"), ("13:00", "14:00"), ("16:00", "17:00")]
            var ids: [Int64] = []
            for (start, end) in reserved {
                ids.append(try await ana.booked(room.id, "2026-07-02T\(start):00Z", "2026-07-02T\(end):00Z", title: "Layoffs"))
            }
            try await ana.meet("DELETE", "/reservations/\(ids[2])").success()
            try await ana.repeating(room.id, "FREQ=DAILY;COUNT=2").success()
            let address = try await server.admin.meet("PUT", "/rooms/\(room.id)/feed").payload(FeedAddress.self)
            let path = address.path.replacing(".ics", with: ".ifb")

            let answer = try await server.rest.get(path)
            #expect(answer.status == 200 && answer.header("Content-Type") == "text/calendar; charset=utf-8")
            #expect(answer.header("Cache-Control") == "private, no-cache")
            #expect(answer.header("Last-Modified") == "Wed, 01 Jul 2026 00:00:00 GMT")
            let read = try ReadFreeBusy(answer)
            #expect(read.wrong.isEmpty && read.start == "2026-05-31T00:00:00Z" && read.end == "2027-08-05T00:00:00Z")
            #expect(
                read.periods == [
                    "BUSY 2026-07-02T01:00:00Z 2026-07-02T02:00:00Z", "BUSY 2026-07-02T09:00:00Z 2026-07-02T11:30:00Z",
                    "BUSY 2026-07-02T16:00:00Z 2026-07-02T17:00:00Z", "BUSY 2026-07-03T01:00:00Z 2026-07-03T02:00:00Z",
                ])
            for word in ["Layoffs", "Standup", "ana", "大会议室"] { #expect(!answer.text.contains(word), "\(word)") }

            let tag = try #require(answer.header("ETag"))
            // Later on the same day nothing is different.
            server.time.advance(bySeconds: 3_600)
            let again = try await server.rest.get(path, headers: [("If-None-Match", tag)])
            #expect(again.status == 304 && again.body.isEmpty && again.header("ETag") == tag)
            _ = try await server.signIn("ana").booked(room.id, "2026-07-02T14:00:00Z", "2026-07-02T15:00:00Z")
            #expect(try await server.rest.get(path, headers: [("If-None-Match", tag)]).status == 200)
            for wrong in [address.path.replacing(".ics", with: ".ifbx"), address.path.replacing(".ics", with: ""), "/feeds/x.ifb"] {
                #expect(try await server.rest.get(wrong).status == 404, "\(wrong)")
            }
        }
    }

    @Test func `a room that is out of order can't be had from then on`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            _ = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            let address = try await server.admin.meet("PUT", "/rooms/\(room.id)/feed").payload(FeedAddress.self)
            let path = address.path.replacing(".ics", with: ".ifb")
            server.time.advance(bySeconds: 600)
            let status = "/rooms/\(room.id)/status"
            try await server.admin.meet("PATCH", status, #"{"status":"maintenance"}"#).success()
            let closed = try await server.rest.get(path)
            #expect(
                try ReadFreeBusy(closed).periods == [
                    "BUSY-UNAVAILABLE 2026-07-01T00:10:00Z 2027-08-05T00:00:00Z", "BUSY 2026-07-02T09:00:00Z 2026-07-02T10:00:00Z",
                ])
            #expect(closed.header("Last-Modified") == "Wed, 01 Jul 2026 00:10:00 GMT")
            try await server.admin.meet("PATCH", status, #"{"status":"available"}"#).success()
            #expect(try ReadFreeBusy(try await server.rest.get(path)).periods == ["BUSY 2026-07-02T09:00:00Z 2026-07-02T10:00:00Z"])
        }
    }

    @Test func `a person is busy with what is accepted, perhaps with what is not answered, and never with what is declined`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            for (hour, answer) in [(10, "accepted"), (12, nil), (14, "declined")] {
                let id = try await ben.booked(room.id, "2026-07-02T\(hour):00:00Z", "2026-07-02T\(hour + 1):00:00Z")
                try await ben.meet("PUT", "/reservations/\(id)/invitees", #"{"usernames":["ana"]}"#).success()
                if let answer { try await ana.meet("PUT", "/reservations/\(id)/answer", #"{"answer":"\#(answer)"}"#).success() }
            }
            let other = try await server.room("Other")
            _ = try await ana.booked(other.id, "2026-07-02T10:30:00Z", "2026-07-02T12:30:00Z")
            let address = try await ana.meet("PUT", "/feed").payload(FeedAddress.self)
            let read = try ReadFreeBusy(try await server.rest.get(address.path.replacing(".ics", with: ".ifb")))
            #expect(
                read.periods == [
                    "BUSY 2026-07-02T10:00:00Z 2026-07-02T12:30:00Z", "BUSY-TENTATIVE 2026-07-02T12:00:00Z 2026-07-02T13:00:00Z",
                ])
        }
    }
}
