import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct ChannelHistoryTests {
    @Test func `a history is read from both ends, from a position and in pages`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let channel = venue.calendarChannel
            let start = try await server.admin.calendar(venue.id).stream.position
            try await server.announce(times: 5, at: venue)
            let connection = try await server.admin.connect()
            _ = try await connection.subscribe(channel)

            func offsets(_ limit: Int, since offset: UInt64? = nil, reverse: Bool = false) async throws -> [Int] {
                let since = offset.map { StreamPosition(epoch: start.epoch, offset: start.offset + $0) }
                let result = try await connection.history(channel, limit: limit, since: since, reverse: reverse)
                #expect(result.offset == start.offset + 5)
                #expect(result.epoch == start.epoch)
                return result.publications.map { Int($0.offset) - Int(start.offset) }.filter { $0 > 0 }
            }
            #expect(try await offsets(0) == [])
            #expect(try await offsets(-1) == [1, 2, 3, 4, 5])
            #expect(try await offsets(2, since: 0) == [1, 2])
            #expect(try await offsets(2, since: 2) == [3, 4])
            #expect(try await offsets(2, since: 4) == [5])
            #expect(try await offsets(2, since: 5) == [])
            #expect(try await offsets(2, since: 50) == [])
            #expect(try await offsets(2, reverse: true) == [5, 4])
            #expect(try await offsets(2, since: 4, reverse: true) == [3, 2])
            #expect(try await offsets(-1, reverse: true) == [5, 4, 3, 2, 1])
            await connection.close()
        }
    }

    @Test func `offsets are dense from the first event on`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            try await server.announce(times: 3, at: venue)
            let slot = try await server.slot(at: venue)
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            async let one = ana.reserve(slot)
            async let two = ben.reserve(slot)
            _ = (try await one.success(), try await two.success())
            let connection = try await server.admin.connect()
            for channel in [venue.calendarChannel, venue.operationsChannel] {
                let top = try await connection.subscribe(channel).position?.offset
                let log = try await connection.log(of: channel)
                #expect(log.map(\.offset) == (1...UInt64(log.count)).map { $0 })
                #expect(log.last?.offset == top)
            }
            await connection.close()
        }
    }

    @Test func `a history of long events comes in answers that a connection can carry`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let notice = String(repeating: "\u{1F3CB}", count: 2_000)
            for _ in 1...140 { try await server.announce(notice, at: venue) }
            let connection = try await server.admin.connect()
            let top = try #require(try await connection.subscribe(venue.calendarChannel).position?.offset)

            let first = try await connection.history(venue.calendarChannel, limit: -1)
            #expect(first.offset == top)
            #expect(first.publications.map(\.offset) == (1...UInt64(first.publications.count)).map { $0 })
            #expect(first.publications.count < 140)
            let newest = try await connection.history(venue.calendarChannel, limit: -1, reverse: true)
            #expect(newest.publications.first?.offset == top)
            #expect(try await connection.log(of: venue.calendarChannel).map(\.offset) == (1...top).map { $0 })
            await connection.close()
        }
    }

    @Test func `a history of another epoch is an error`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let connection = try await server.admin.connect()
            _ = try await connection.subscribe(venue.calendarChannel)
            let request = HistoryRequest(channel: venue.calendarChannel, limit: 10, since: StreamPosition(epoch: "other", offset: 0))

            #expect(try await connection.refusal(of: .history(request)) == .unrecoverablePosition)
            await connection.close()
        }
    }
}
