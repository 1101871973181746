import Client
import Core
import Gym
import Realtime
import Server
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct SubscribeTests {
    @Test func `a first subscription begins at the top of the channel`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            try await server.announce(times: 3, at: venue)
            let top = try await ana.calendar(venue.id).stream

            let connection = try await ana.connect()
            let result = try await connection.subscribe(SubscribeRequest(channel: venue.calendarChannel, recoverable: true))

            #expect(result.offset == top.offset)
            #expect(result.epoch == top.epoch)
            #expect(result.positioned)
            #expect(result.recoverable)
            #expect(!result.recovered)
            #expect(!result.wasRecovering)
            #expect(result.publications.isEmpty)
            await connection.close()
        }
    }

    @Test func `resuming brings exactly what was missed, in order`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let seen = try await server.admin.calendar(venue.id).stream.position
            try await server.announce(times: 4, at: venue)
            let connection = try await server.admin.connect()

            for (missed, epoch) in [(4, seen.epoch), (1, seen.epoch), (0, seen.epoch), (2, "")] {
                let offset = seen.offset + UInt64(4 - missed)
                let result = try await connection.subscribe(
                    SubscribeRequest(channel: venue.calendarChannel, recover: true, epoch: epoch, offset: offset)
                )
                #expect(result.recovered)
                #expect(result.wasRecovering)
                #expect(result.offset == offset)
                #expect(result.publications.map(\.offset) == (0..<missed).map { offset + 1 + UInt64($0) })
                let notices = try result.publications.map { try $0.event(VenueChanged.self).data.notice }
                #expect(notices == (0..<missed).map { "notice \(5 - missed + $0)" })
                try await connection.unsubscribe(venue.calendarChannel)
            }
            await connection.close()
        }
    }

    @Test func `a position of another epoch or from the future is not recovered and says so`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            try await server.announce(times: 2, at: venue)
            let top = try await server.admin.calendar(venue.id).stream.position
            let connection = try await server.admin.connect()

            for position in [
                StreamPosition(epoch: "_", offset: 0), StreamPosition(epoch: "other", offset: top.offset),
                StreamPosition(epoch: top.epoch, offset: top.offset + 1), StreamPosition(epoch: top.epoch, offset: .max),
            ] {
                var request = SubscribeRequest(
                    channel: venue.calendarChannel, recover: true, epoch: position.epoch, offset: position.offset
                )
                let result = try await connection.subscribe(request)
                #expect(!result.recovered)
                #expect(result.wasRecovering)
                #expect(result.publications.isEmpty)
                #expect(StreamPosition(epoch: result.epoch, offset: result.offset) == top)
                try await connection.unsubscribe(venue.calendarChannel)

                // Clients that load their state anew ask for an error in place of a result (flag, bit 2).
                request.flag = 3
                #expect(try await connection.refusal(of: .subscribe(request)) == .unrecoverablePosition)
                // It left nothing behind.
                _ = try await connection.subscribe(SubscribeRequest(channel: venue.calendarChannel))
                try await connection.unsubscribe(venue.calendarChannel)
            }
            await connection.close()
        }
    }

    @Test func `who missed more events than the bound begins anew`() async throws {
        try await TestServer.run(adjust: { $0.hub.recoveryEventsMax = 300 }) { server in
            let venue = try await server.venue()
            let seen = try await server.admin.calendar(venue.id).stream.position
            try await server.announceAtOnce(times: 301, at: venue)
            let connection = try await server.admin.connect()

            let tooOld = try await connection.subscribe(venue.calendarChannel, since: seen)
            #expect(!tooOld.recovered)
            #expect(tooOld.missed.isEmpty)
            #expect(tooOld.position?.offset == seen.offset + 301)
            try await connection.unsubscribe(venue.calendarChannel)

            let justInTime = try await connection.subscribe(
                venue.calendarChannel, since: StreamPosition(epoch: seen.epoch, offset: seen.offset + 1)
            )
            #expect(justInTime.recovered)
            #expect(justInTime.missed.map(\.offset) == (seen.offset + 2...seen.offset + 301).map { $0 })
            await connection.close()
        }
    }

    @Test func `unsubscribing ends the deliveries, and of an unknown channel it is no mistake`() async throws {
        try await TestServer.run { server in
            let (venue, other) = (try await server.venue(), try await server.venue())
            let connection = try await server.admin.connect()
            _ = try await connection.subscribe(venue.calendarChannel)
            _ = try await connection.subscribe(other.calendarChannel)

            try await connection.unsubscribe(venue.calendarChannel)
            for channel in [venue.calendarChannel, "calendar:venue:999", "nothing", ""] { try await connection.unsubscribe(channel) }

            try await server.announce("unheard", at: venue)
            try await server.announce("heard", at: other)
            var pushes = connection.pushes.makeAsyncIterator()
            #expect(try await pushes.next()?.channel == other.calendarChannel)
            #expect(try await connection.unreadPushes().isEmpty)
        }
    }

    @Test func `subscribing, unsubscribing and subscribing in one breath ends subscribed once`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let channel = venue.calendarChannel
            let socket = try await UpgradedSocket.connect(port: server.port)

            try await socket.send(
                """
                {"id":1,"connect":{"token":"\(server.admin.token)"}}
                {"id":2,"subscribe":{"channel":"\(channel)"}}
                {"id":3,"unsubscribe":{"channel":"\(channel)"}}
                {"id":4,"subscribe":{"channel":"\(channel)"}}
                """
            )
            let replies = try await socket.lines(4)
            #expect(replies[1].hasPrefix(#"{"id":2,"subscribe":{"#))
            #expect(replies[2] == #"{"id":3,"unsubscribe":{}}"#)
            #expect(replies[3].hasPrefix(#"{"id":4,"subscribe":{"#))

            try await server.announce("once", at: venue)
            #expect(try await socket.lines(1)[0].contains("once"))
            try await socket.send(#"{"id":5,"ping":{}}"#)
            #expect(try await socket.lines(1)[0].hasPrefix(#"{"id":5,"error":"#))
            await socket.close()
        }
    }

    @Test func `refusals name their reason`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let venue = try await server.venue()
            let channel = venue.calendarChannel
            let connection = try await ana.connect()
            _ = try await connection.subscribe(channel)

            for unknown in [
                "nothing", "calendar:venue:", "calendar:venue:x", "calendar:venue:07", "calendar:venue:-1", "calendar:hall:1",
                "system:revocations", "chat:7", "ops", "calendar:venue:99999999999999999999", "calendar:venue:1:2",
            ] {
                #expect(try await connection.refusal(toSubscribe: unknown) == .unknownChannel, "\(unknown)")
            }
            for forbidden in [venue.operationsChannel, "personal:#\(ben.id)", "personal:#", "calendar:venue:999999"] {
                #expect(try await connection.refusal(toSubscribe: forbidden) == .permissionDenied, "\(forbidden)")
            }
            #expect(try await connection.refusal(toSubscribe: channel) == .alreadySubscribed)
            #expect(try await connection.refusal(toSubscribe: "personal:#\(ana.id)") == .alreadySubscribed)
            #expect(try await connection.refusal(toSubscribe: "") == .badRequest)
            #expect(try await connection.refusal(toSubscribe: String(repeating: "c", count: 256)) == .badRequest)

            #expect(try await connection.refusal(of: .history(HistoryRequest(channel: channel, limit: -2))) == .badRequest)
            #expect(try await connection.refusal(of: .history(HistoryRequest(channel: venue.operationsChannel))) == .permissionDenied)
            #expect(try await connection.refusal(of: .publish(PublishRequest(channel: channel, data: RawJSON("{}")))) == .permissionDenied)
            #expect(try await connection.refusal(of: .ping) == .notAvailable)
            #expect(try await connection.refusal(of: .presence(PresenceRequest(channel: channel))) == .notAvailable)
            #expect(try await connection.refusal(of: .presenceStats(PresenceStatsRequest(channel: channel))) == .notAvailable)
            #expect(try await connection.refusal(of: .rpc(RPCRequest(method: "gym.nothing"))) == .methodNotFound)
            await connection.close()
        }
    }

    @Test func `a connection has at most 128 channels`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let socket = try await UpgradedSocket.connect(port: server.port)
            try await socket.send(#"{"id":1,"connect":{"token":"\#(ana.token)"}}"#)
            _ = try await socket.lines(1)

            // In one frame, so that all of them are pending at once: their own is one, 127 others have room.
            let commands = (2...130).map { #"{"id":\#($0),"subscribe":{"channel":"calendar:venue:\#($0)"}}"# }
            try await socket.send(commands.joined(separator: "\n"))

            let lines = try await socket.lines(129)
            #expect(lines.filter { $0.contains(#""code":106"#) }.count == 2)
            #expect(lines.filter { $0.contains(#""code":103"#) }.count == 127)
            await socket.close()
        }
    }
}
