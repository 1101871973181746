import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct AbortedRequestTests {
    /// How far a client comes before it is gone.
    private enum Stage: CaseIterable {
        case inTheHead
        case beforeTheBody
        case inTheBody
        case beforeTheLastByte
        case whenAllIsSent
        case inTheAnswer

        /// The server never has the whole request.
        var isIncomplete: Bool {
            switch self {
            case .inTheHead, .beforeTheBody, .inTheBody, .beforeTheLastByte: true
            case .whenAllIsSent, .inTheAnswer: false
            }
        }
    }

    /// Every stage, left by an RST and by a FIN, several times.
    private static let attempts = Stage.allCases.flatMap { stage in
        (0..<8).map { (stage: stage, isReset: $0.isMultiple(of: 2)) }
    }

    @Test func `a request that is left at any stage is done whole or not at all, and can be repeated`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            var slots: [TimeSlot] = []
            for number in Self.attempts.indices {
                let (day, hour) = (10 + number / 8, 10 + number % 8)
                slots.append(try await server.slot(SlotSketch(date: "2026-07-\(day)", "\(hour):00", "\(hour + 1):00"), at: venue))
            }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for (attempt, slot) in zip(Self.attempts, slots) {
                    group.addTask { try await Self.leave(attempt.stage, attempt.isReset, ana, slot, port: server.port) }
                }
                try await group.waitForAll()
            }

            let left = try await Self.audit(venue, server)
            let booked = Set(left.standing.values.map(\.timeSlotID))
            for (attempt, slot) in zip(Self.attempts, slots) {
                if attempt.stage.isIncomplete { #expect(!booked.contains(slot.id.rawValue)) }
                if attempt.stage == .inTheAnswer { #expect(booked.contains(slot.id.rawValue)) }
            }

            for slot in slots { #expect(try await ana.reserve(slot, key: "abort-\(slot.id)").status == 201) }
            #expect(try await Self.audit(venue, server).standing.count == slots.count)
            #expect(try await server.rest.get("/readyz").status == 200)
        }
    }

    private static func audit(_ venue: Venue, _ server: TestServer) async throws -> BookingAudit {
        let (first, last) = (LocalDate(daysSinceEpoch: 20_635), LocalDate(daysSinceEpoch: 20_665))
        return try await BookingAudit(of: venue, by: server.admin, from: first, through: last)
    }

    private static func leave(_ stage: Stage, _ isReset: Bool, _ user: TestUser, _ slot: TimeSlot, port: Int) async throws {
        let body = #"{"time_slot_id":\#(slot.id)}"#
        let head = """
            POST /api/v1/reservations HTTP/1.1\r\nHost: ringside.test\r\nAuthorization: Bearer \(user.token)\r\n\
            Content-Type: application/json\r\nIdempotency-Key: abort-\(slot.id)\r\nContent-Length: \(body.utf8.count)\r\n\r\n
            """
        let request = Array((head + body).utf8)
        let length =
            switch stage {
            case .inTheHead: head.utf8.count / 2
            case .beforeTheBody: head.utf8.count
            case .inTheBody: head.utf8.count + body.utf8.count / 2
            case .beforeTheLastByte: request.count - 1
            case .whenAllIsSent, .inTheAnswer: request.count
            }
        let socket = try await RawSocket.connect(port: port)
        try await socket.write(Array(request[..<length]))
        if stage == .inTheAnswer { _ = try await socket.read(count: 1) }
        if isReset { await socket.cut() } else { await socket.close() }
    }
}
