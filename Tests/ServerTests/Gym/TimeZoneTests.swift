import Client
import Core
import Foundation
import Gym
import Server
import ServerTesting
import Testing
import Wire

/// Slots are agreed on the wall clock of their venue. In New York it is moved forward on 2027-03-14 at two and back on 2026-11-01 at two.
@Suite(.timeLimit(.minutes(5))) struct TimeZoneTests {
    private static func venue(in zone: String, on server: TestServer) async throws -> Venue {
        let body = RawJSON(#"{"name": "Gym", "capacity": 5, "time_zone": "\#(zone)"}"#)
        return try await server.admin.rest.post("/api/v1/venues", body: body).success().decode()
    }

    @Test func `a local time that does not exist is refused`() async throws {
        try await TestServer.run { server in
            let venue = try await Self.venue(in: "America/New_York", on: server)
            let path = "/api/v1/venues/\(venue.id)"
            for (start, end) in [("02:30", "04:00"), ("01:00", "02:30"), ("02:00", "02:59")] {
                let sketch = SlotSketch(date: "2027-03-14", start, end)
                let refusal = try await server.admin.rest.post("\(path)/reservation-time-slots", body: sketch)
                #expect(refusal.status == 422, "\(start)")
                #expect(refusal.problem?.code == "time.local_time_gap")
                #expect(try await server.admin.rest.post("\(path)/check-conflict", body: sketch).problem?.code == "time.local_time_gap")
            }
            let slot = try await server.slot(SlotSketch(date: "2027-03-13", "02:30", "03:30"), at: venue)
            #expect(try await server.admin.change(slot, #"{"date": "2027-03-14"}"#).problem?.code == "time.local_time_gap")
        }
    }

    @Test func `a slot over the change of the clock is as long as it really is`() async throws {
        try await TestServer.run { server in
            let venue = try await Self.venue(in: "America/New_York", on: server)
            let short = try await server.slot(SlotSketch(date: "2027-03-14", "01:00", "04:00"), at: venue)
            #expect(short.startsAt.rfc3339 == "2027-03-14T06:00:00Z")
            #expect(short.endsAt.rfc3339 == "2027-03-14T08:00:00Z")
            let long = try await server.slot(SlotSketch(date: "2026-11-01", "00:30", "02:30"), at: venue)
            #expect(long.endsAt.seconds(since: long.startsAt) == 3 * 3_600)
        }
    }

    @Test func `of a local time that comes twice the first is meant`() async throws {
        try await TestServer.run { server in
            let venue = try await Self.venue(in: "America/New_York", on: server)
            let slot = try await server.slot(SlotSketch(date: "2026-11-01", "01:30", "01:45"), at: venue)
            #expect(slot.startsAt.rfc3339 == "2026-11-01T05:30:00Z")
            #expect(slot.endsAt.rfc3339 == "2026-11-01T05:45:00Z")
        }
    }

    @Test func `the same wall time is another instant in another zone`() async throws {
        try await TestServer.run { server in
            for (zone, instant) in [
                ("Asia/Shanghai", "2026-07-02T02:00:00Z"), ("Europe/Berlin", "2026-07-02T08:00:00Z"), ("UTC", "2026-07-02T10:00:00Z"),
                ("Asia/Kathmandu", "2026-07-02T04:15:00Z"),
            ] {
                let slot = try await server.slot(at: Self.venue(in: zone, on: server))
                #expect(slot.startsAt.rfc3339 == instant, "\(zone)")
                #expect("\(slot.startTime)" == "10:00")
            }
        }
    }

    @Test func `a calendar begins with the venue's own today`() async throws {
        // It is eight in the morning of the first of July in Shanghai, and still the evening of June in Honolulu.
        try await TestServer.run { server in
            for (zone, today) in [("Asia/Shanghai", "2026-07-01"), ("Pacific/Honolulu", "2026-06-30")] {
                let venue = try await Self.venue(in: zone, on: server)
                let calendar = try await server.rest.get("/api/v1/venues/\(venue.id)/calendar").success().decode(VenueCalendarSnapshot.self)
                #expect("\(calendar.startDate)" == today)
            }
        }
    }

    @Test func `the zones are those of the configured directory, and their release is told`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let utc = try Data(contentsOf: URL(filePath: "\(TimeZoneDatabase.systemDirectory)/UTC"))
        try utc.write(to: directory.url.appending(path: "UTC"))
        try Data("2099z\n".utf8).write(to: directory.url.appending(path: "+VERSION"))
        let zones = directory.url.path(percentEncoded: false)
        try await TestServer.run(adjust: { $0.timeZoneDirectory = zones }) { server in
            let health = try await server.rest.get("/healthz")
            #expect(String(decoding: health.body, as: UTF8.self) == #"{"status":"ok","version":"\#(Server.version)","tzdata":"2099z"}"#)
            _ = try await Self.venue(in: "UTC", on: server)
            await #expect(throws: (any Error).self) { try await Self.venue(in: "Europe/Berlin", on: server) }
        }
    }

    @Test func `without time zones a server does not start`() async throws {
        await #expect(throws: TimeZoneDatabaseError.self) {
            try await TestServer.run(adjust: { $0.timeZoneDirectory = "/nowhere" }) { _ in }
        }
    }

    @Test func `an abbreviation is no time zone`() async throws {
        try await TestServer.run { server in
            for zone in ["EST", "CST", "GMT+8", "../etc/passwd", "Asia/Atlantis", " "] {
                let body = RawJSON(#"{"name": "Gym", "capacity": 5, "time_zone": "\#(zone)"}"#)
                let refusal = try await server.admin.rest.post("/api/v1/venues", body: body)
                #expect(refusal.status == 422, "\(zone)")
                #expect(refusal.pointers == ["/time_zone"], "\(zone)")
            }
        }
    }
}
