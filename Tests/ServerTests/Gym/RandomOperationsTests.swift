import Client
import Gym
import ServerTesting
import Testing
import Wire

/// Whatever several people do at the same time, nothing is ever overbooked, and whoever watches sees what is.
@Suite(.timeLimit(.minutes(2))) struct RandomOperationsTests {
    @Test(arguments: [1, 2] as [UInt64])
    func `nothing is overbooked whatever happens at the same time`(seed: UInt64) async throws {
        try await TestServer.run { server in
            let club = try await RandomClub(on: server, members: 12)
            for round in 1...3 {
                try await club.stir(operations: 40, seed: seed * 10 + UInt64(round))
                let oracle = try await club.oracle()
                #expect(oracle.violations == [])
                // What the staff see and what the members see are the same reservations.
                var owned: Set<Int64> = []
                for member in club.members {
                    owned.formUnion(try await member.ownReservations("status=confirmed&limit=100").items.map(\.id))
                }
                #expect(owned == Set(oracle.places.flatMap(\.reservations).map(\.id)))
            }
            // The random things did happen, and some of them could not.
            for status in [200, 201, 204, 409] { #expect(club.statuses[status, default: 0] > 5, "\(status)") }
        }
    }

    @Test func `a venue's calendar converges`() async throws {
        try await Self.expectConvergence(of: CalendarView.self) { club, _ in
            club.venues.map { (subject: $0.id.rawValue, watcher: club.members[0]) }
        }
    }

    @Test func `a venue's operations converge`() async throws {
        try await Self.expectConvergence(of: OperationsView.self) { club, server in
            club.venues.map { (subject: $0.id.rawValue, watcher: server.admin) }
        }
    }

    @Test func `everybody's own reservations converge`() async throws {
        try await Self.expectConvergence(of: PersonalView.self) { club, _ in
            club.members.map { (subject: $0.id, watcher: $0) }
        }
    }

    /// A snapshot with the events since is a fresh snapshot, without and with interruptions.
    private static func expectConvergence<View: LiveView>(
        of view: View.Type, subjects: @escaping @Sendable (RandomClub, TestServer) -> [(subject: Int64, watcher: TestUser)]
    ) async throws {
        try await TestServer.run { server in
            let club = try await RandomClub(on: server, members: 8)
            try await club.stir(operations: 15, seed: 7)
            var followers: [ViewFollower<View>] = []
            for (subject, watcher) in subjects(club, server) { followers.append(try await ViewFollower(view, of: subject, by: watcher)) }
            let start = followers.map(\.view.position.offset)

            try await club.stir(operations: 40, seed: 8)
            for index in followers.indices {
                let fresh = try await followers[index].catchUp()
                #expect(followers[index].view == fresh)
            }

            async let stirred: Void = club.stir(operations: 40, seed: 9)
            for _ in 1...3 {
                for index in followers.indices { try await followers[index].resume() }
            }
            try await stirred
            // Who is first decides what the random operations come to: somebody may have had nothing but refusals.
            try await club.touchEverybody()
            for index in followers.indices {
                let fresh = try await followers[index].catchUp()
                #expect(followers[index].view == fresh)
                #expect(fresh.position.offset > start[index])
            }
        }
    }
}
