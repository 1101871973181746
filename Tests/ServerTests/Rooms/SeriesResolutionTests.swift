import Client
import Core
import Rooms
import ServerTesting
import Storage
import Testing
import Wire

/// Asia/Tokyo's clocks are an hour before Shanghai's, Asia/Bangkok's an hour behind.
@Suite(.timeLimit(.minutes(5))) struct SeriesResolutionTests {
    private struct Before: Sendable {
        let series: DatedSeries
        let room: Room.ID
        let position: StreamPosition
        let calendar: TimelineView
        let operations: RoomOperationsView
    }

    @Test func `after new time zone data what is to come keeps its wall time, and nothing happens silently`() async throws {
        try await ZoneStage.run { stage in
            let before = try await stage.serve("2026a", shanghai: "Asia/Shanghai") { server in
                let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
                // Its week has the same hours under both releases.
                let room = try await server.admin.meet("POST", "/rooms", #"{"name":"Blue","capacity":4,"timeZone":"Europe/Berlin"}"#)
                    .payload(Room.self).id
                let more = #","timeZone":"Asia/Shanghai""#
                // The 30th of June is over, the 8th of July will be taken.
                let made = try await ana.repeating(room, "FREQ=DAILY;INTERVAL=2;COUNT=5", start: "2026-06-30T09:00:00", more: more)
                    .payload(DatedSeries.self)
                let ids = made.dates.compactMap(\.reservationId)
                // Says something else than the series, at its time.
                try await ana.meet("PATCH", "/reservations/\(ids[2])", #"{"title":"Review"}"#).success()
                try await ana.meet(
                    "PATCH", "/reservations/\(ids[3])", #"{"startTime":"2026-07-06T06:00:00Z","endTime":"2026-07-06T07:00:00Z"}"#
                ).success()
                try await ana.meet("PUT", "/reservations/\(ids[1])/invitees", #"{"usernames":["ben"]}"#).success()
                _ = try await ben.booked(room, "2026-07-08T00:30:00Z", "2026-07-08T00:45:00Z")
                return Before(
                    series: try await ana.series(made.series.id), room: room,
                    position: try await AgendaView.read(of: ana.id, by: ana).position,
                    calendar: try await TimelineView.read(of: room.rawValue, by: ana),
                    operations: try await RoomOperationsView.read(of: room.rawValue, by: server.admin)
                )
            }
            try await stage.serve("2026b", shanghai: "Asia/Tokyo") { server in
                let ana = try await server.signIn("ana")
                let told = try await ana.told(since: before.position, count: 3)
                let moved = try told.prefix(2).map { try $0.event(RoomReservationChanged.self).data }
                #expect(moved.map(\.tzdata) == ["2026b", "2026b"] && moved.map(\.reservation.title) == ["Standup", "Review"])
                let ids = before.series.dates.compactMap { $0.reservationId?.rawValue }
                #expect(moved.map(\.reservation.id) == [ids[1], ids[2]])
                let notMoved = try #require(told.last).event(RoomReservationNotMoved.self).data
                #expect(notMoved.reservation.id == ids[4] && notMoved.reservation.startsAt.rfc3339 == "2026-07-08T01:00:00Z")
                #expect(notMoved.meantStartsAt.rfc3339 == "2026-07-08T00:00:00Z" && notMoved.meantEndsAt.rfc3339 == "2026-07-08T01:00:00Z")
                #expect(notMoved.tzdata == "2026b")

                let series = try await ana.series(before.series.series.id)
                #expect(
                    series.starts == [
                        "2026-06-30T01:00:00.000Z", "2026-07-02T00:00:00.000Z", "2026-07-04T00:00:00.000Z", "2026-07-06T06:00:00.000Z",
                        "2026-07-08T01:00:00.000Z",
                    ])
                #expect(series.dates.map(\.reservationId) == before.series.dates.map(\.reservationId))
                #expect(series.series == before.series.series)
                let ben = try await server.signIn("ben")
                let agenda = try await ben.meet("GET", "/agenda?startTime=2026-07-08T00:00:00Z&endTime=2026-07-09T00:00:00Z")
                #expect(try agenda.payload(Agenda.self).reservations.map(\.startsAt.rfc3339) == ["2026-07-08T00:30:00Z"])

                try await Self.expectConvergence(of: before.calendar, at: before.room, by: ana)
                try await Self.expectConvergence(of: before.operations, at: before.room, by: server.admin)
                let position = try await AgendaView.read(of: ana.id, by: ana).position
                #expect(position.offset == before.position.offset + 3)
            }
            // The same release again: nobody has anything to do.
            let zones = try stage.zones("2026b", shanghai: "Asia/Tokyo")
            try await stage.asNode(zones) { database, resolution, queue in
                try await resolution.begin(in: database)
                #expect(try await queue.runOne() == nil)
                let audited = try await database.read { snapshot in
                    try snapshot.all(
                        """
                        SELECT action, tzdata FROM audit WHERE transport = 'system' AND action LIKE 'room_reservation.%' ORDER BY id
                        """
                    ).map { (row: Row) in "\(try row["action"] as String) \(try row["tzdata"] as String)" }
                }
                #expect(
                    audited == ["room_reservation.changed 2026b", "room_reservation.changed 2026b", "room_reservation.not_moved 2026b"])
            }
        }
    }

    @Test(arguments: ["Asia/Tokyo", "Asia/Bangkok"])
    func `dates that stand one behind the other all move, also where a server dies in the middle`(zone: String) async throws {
        try await ZoneStage.run { stage in
            let (series, position) = try await stage.serve("2026a", shanghai: "Asia/Shanghai") { server in
                let ana = try await server.member("ana")
                let room = try await server.room().id
                let made = try await ana.repeating(room, "FREQ=HOURLY;COUNT=250").payload(DatedSeries.self)
                return (made, try await AgendaView.read(of: ana.id, by: ana).position)
            }
            let zones = try stage.zones("2026b", shanghai: zone)
            try await stage.asNode(zones) { database, resolution, queue in
                try await resolution.begin(in: database)
                for _ in 1...4 { #expect(try await queue.runOne() == .done) }
                // Taken, and never brought to an end.
                #expect(try await queue.claim(max: 1).claimed.count == 1)
            }
            stage.time.advance(bySeconds: 60)
            try await stage.serve("2026b", shanghai: zone) { server in
                let ana = try await server.signIn("ana")
                let told = try await ana.told(since: position, count: 250)
                let moved = try Set(told.map { try $0.event(RoomReservationChanged.self).data.reservation.id })
                #expect(moved == Set(series.dates.compactMap { $0.reservationId?.rawValue }))
                let shift: Int64 = zone == "Asia/Tokyo" ? -3_600 : 3_600
                let after = try await ana.series(series.series.id)
                #expect(after.dates.map(\.startTime.instant) == series.dates.map { $0.startTime.instant.advanced(bySeconds: shift) })
                #expect(after.dates.map(\.reservationId) == series.dates.map(\.reservationId))
            }
            // What was left to look at finds nothing.
            try await stage.asNode(zones) { database, _, queue in
                stage.time.advance(bySeconds: 60)
                while let outcome = try await queue.runOne() { #expect(outcome == .done) }
                let events: Int? = try await database.read { try $0.value("SELECT COUNT(*) FROM event WHERE data LIKE '%not_moved%'") }
                #expect(events == 0)
            }
        }
    }

    @Test func `a rule that ends with an instant keeps its last date`() async throws {
        try await ZoneStage.run { stage in
            let (series, position) = try await stage.serve("2026a", shanghai: "Asia/Shanghai") { server in
                let ana = try await server.member("ana")
                let room = try await server.room().id
                let made = try await ana.repeating(room, "FREQ=DAILY;UNTIL=20260704T010000Z").payload(DatedSeries.self)
                return (made, try await AgendaView.read(of: ana.id, by: ana).position)
            }
            #expect(series.dates.count == 3)
            try await stage.serve("2026b", shanghai: "Asia/Bangkok") { server in
                let ana = try await server.signIn("ana")
                _ = try await ana.told(since: position, count: 3)
                let changed = try await ana.meet("PATCH", "/series/\(series.series.id)", #"{"time":"10:00"}"#).payload(DatedSeries.self)
                #expect(changed.starts == ["2026-07-02T03:00:00.000Z", "2026-07-03T03:00:00.000Z", "2026-07-04T03:00:00.000Z"])
                #expect(changed.dates.map(\.reservationId) == series.dates.map(\.reservationId))
            }
        }
    }

    @Test func `only a node that has the release finds the dates with it`() async throws {
        try await ZoneStage.run { stage in
            let series = try await stage.serve("2026a", shanghai: "Asia/Shanghai") { server in
                let room = try await server.room().id
                return try await server.admin.repeating(room, "FREQ=DAILY;COUNT=2").payload(DatedSeries.self)
            }
            try await stage.asNode(try stage.zones("2026b", shanghai: "Asia/Tokyo")) { database, resolution, _ in
                try await resolution.begin(in: database)
            }
            try await stage.asNode(try stage.zones("2026a", shanghai: "Asia/Shanghai")) { _, _, queue in
                let outcome = try await queue.runOne()
                guard case .failed = outcome else {
                    Issue.record("\(String(describing: outcome))")
                    return
                }
            }
            stage.time.advance(bySeconds: 60)
            try await stage.asNode(try stage.zones("2026b", shanghai: "Asia/Tokyo")) { _, _, queue in
                while let outcome = try await queue.runOne() { #expect(outcome == .done) }
            }
            try await stage.serve("2026b", shanghai: "Asia/Tokyo") { server in
                let after = try await server.admin.series(series.series.id)
                #expect(after.starts == ["2026-07-02T00:00:00.000Z", "2026-07-03T00:00:00.000Z"])
            }
        }
    }

    /// What was seen before the release with everything that was told since is what a stranger sees now.
    private static func expectConvergence<View: LiveView>(of view: View, at room: Room.ID, by user: TestUser) async throws {
        var view = view
        let subscription = try await user.connect().subscribe(view.channel, since: view.position)
        #expect(subscription.recovered && !subscription.missed.isEmpty)
        for publication in subscription.missed {
            try view.apply(publication.data)
            view.position = StreamPosition(epoch: view.position.epoch, offset: publication.offset)
        }
        #expect(try await View.read(of: room.rawValue, by: user) == view)
    }
}
