import Client
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct RandomOfficeTests {
    @Test(arguments: [1, 2] as [UInt64])
    func `whatever happens at the same time, nothing overlaps and everybody sees the same`(seed: UInt64) async throws {
        try await TestServer.run { server in
            let office = try await RandomOffice(on: server, employees: 6)
            try await office.stir(operations: 80, seed: seed)

            let all = try await server.admin.meet("GET", "/reservations").payload([MeetingView].self)
            for room in office.rooms {
                let own = all.filter { $0.roomId == room.id.rawValue }.sorted { $0.startTime < $1.startTime }
                // With times that are all written alike, order of text is order of time.
                for (earlier, later) in zip(own, own.dropFirst()) { #expect(earlier.endTime <= later.startTime) }
            }
            var mine: [Int64] = []
            for employee in office.employees {
                mine += try await employee.meet("GET", "/reservations/user").payload([OwnView].self).map(\.id)
            }
            #expect(mine.sorted() == all.map(\.id))
            for status in [200, 201, 204, 409] { #expect(office.statuses[status, default: 0] > 3, "\(status)") }
        }
    }

    @Test func `a room's timeline converges`() async throws {
        try await Self.expectConvergence(of: TimelineView.self) { office, _ in
            office.rooms.map { (subject: $0.id.rawValue, watcher: office.employees[0]) }
        }
    }

    @Test func `a room's operations converge`() async throws {
        try await Self.expectConvergence(of: RoomOperationsView.self) { office, server in
            office.rooms.map { (subject: $0.id.rawValue, watcher: server.admin) }
        }
    }

    @Test func `everybody's agenda converges`() async throws {
        try await Self.expectConvergence(of: AgendaView.self) { office, _ in
            office.employees.map { (subject: $0.id, watcher: $0) }
        }
    }

    private struct OwnView: Decodable { let id: Int64 }

    /// A snapshot with the events since is a fresh snapshot, without and with interruptions.
    private static func expectConvergence<View: LiveView>(
        of view: View.Type, subjects: @escaping @Sendable (RandomOffice, TestServer) -> [(subject: Int64, watcher: TestUser)]
    ) async throws {
        try await TestServer.run { server in
            let office = try await RandomOffice(on: server, employees: 6)
            try await office.stir(operations: 15, seed: 7)
            var followers: [ViewFollower<View>] = []
            for (subject, watcher) in subjects(office, server) { followers.append(try await ViewFollower(view, of: subject, by: watcher)) }
            let start = followers.map(\.view.position.offset)

            try await office.stir(operations: 30, seed: 8)
            for index in followers.indices {
                let fresh = try await followers[index].catchUp()
                #expect(followers[index].view == fresh)
            }

            async let stirred: Void = office.stir(operations: 30, seed: 9)
            for _ in 1...3 {
                for index in followers.indices { try await followers[index].resume() }
            }
            try await stirred
            try await office.touchEverybody()
            for index in followers.indices {
                let fresh = try await followers[index].catchUp()
                #expect(followers[index].view == fresh)
                #expect(fresh.position.offset > start[index])
            }
        }
    }
}
