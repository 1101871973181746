import Client
import Foundation
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(2))) struct FrameFuzzTests {
    private static let connections = 500
    private static let framesPerConnection = 6
    private static let lanes = 8

    @Test func `three thousand mutated frames leave the server ready, its watchers served and its log clean`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let mallory = try await server.member("mallory")
            let watch = try await server.admin.watch(VenueCalendar(venue: venue.id.rawValue))
            let start = try #require(watch.subscription.position)

            try await Self.attack(port: server.port, token: mallory.token, channel: venue.calendarChannel, seed: 0xF022) {
                try await server.announce("under attack", at: venue)
            }

            #expect(try await server.rest.get("/readyz").status == 200)
            let heard = try await watch.read(through: start.offset + UInt64(Self.lanes))
            #expect(heard.map(\.offset) == (1...UInt64(Self.lanes)).map { start.offset + $0 })
            #expect(try await watch.connection.unreadPushes().isEmpty)
        }
    }

    @Test func `mutated frames do not make a server's memory grow`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let (token, channel) = try await TestServer.run(in: directory, time: .startingNow) { server in
            (try await server.member("mallory").token, try await server.venue().calendarChannel)
        }
        try await ServerProcess.run(in: directory) { server in
            // Once to fill caches and pools, then to see whether anything is kept.
            try await Self.attack(port: server.port, token: token, channel: channel, seed: 1)
            let before = try server.residentBytes()
            try await Self.attack(port: server.port, token: token, channel: channel, seed: 2)
            let growth = try server.residentBytes() - before

            #expect(growth < 16 << 20)
            #expect(!server.printed.contains(" error "))
            #expect(try await server.terminate() == .exited(status: 0))
        }
    }

    /// - Parameter between: done once in each lane, half way.
    private static func attack(
        port: Int, token: String, channel: String, seed: UInt64, between: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    for number in stride(from: lane, to: connections, by: lanes) {
                        if number / lanes == connections / lanes / 2 { try await between() }
                        try await assault(port, token, FrameMutator(seed: seed << 32 + UInt64(number), channel: channel, token: token))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// One connection: signed in as a client should be, then everything at once. It ends because the server ends it.
    private static func assault(_ port: Int, _ token: String, _ mutator: FrameMutator) async throws {
        var mutator = mutator
        let socket = try await UpgradedSocket.connect(port: port)
        var bytes = RawFrame.text(#"{"id":1,"connect":{"token":"\#(token)"}}"#).bytes
        for _ in 0..<framesPerConnection { bytes += mutator.frame() }
        // The server may have hung up on the first frames while the last are written.
        try? await socket.socket.write(bytes)
        try? await socket.socket.closeWriting()
        _ = try await socket.socket.readToEnd()
        await socket.close()
    }
}
