import Client
import Gym
import ServerTesting
import Synchronization
import Wire

/// Changes venues' notices over REST, all venues at once: each change is an event on two channels.
final class Newsroom: Sendable {
    /// Changes between two looks at the readers, and how far they may be behind then. Together well below what a resumption brings, so
    /// that a reader who is cut off never has to load a snapshot.
    private static let changesPerLook = 40
    private static let lead: UInt64 = 80
    /// How long a reader may take to come that close.
    private static let patience = Duration.seconds(60)

    let venues: [Venue]
    private let rest: RESTClient
    private let isStopped = Mutex(false)

    init(_ venues: [Venue], rest: RESTClient) {
        self.venues = venues
        self.rest = rest
    }

    static func channels(of venues: [Venue]) -> [String] { venues.flatMap { [$0.calendarChannel, $0.operationsChannel] } }

    /// Makes so many changes of each venue, and waits for the readers where they fall behind.
    ///
    /// - Parameter bases: where the channels stood before.
    func publish(changesPerVenue count: Int, from bases: [String: UInt64] = [:], pacedBy readers: [any TortureReader] = []) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for venue in venues {
                group.addTask {
                    for number in 1...count {
                        try await self.publish("change \(number)", at: venue)
                        if number.isMultiple(of: Self.changesPerLook), UInt64(number) > Self.lead {
                            try await self.wait(for: readers, UInt64(number) - Self.lead, venue, bases)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Makes changes until ``stop()`` or until the server is gone.
    ///
    /// - Parameter published: is called after each that was acknowledged.
    func publishUntilStopped(label: String, _ published: @escaping @Sendable () async -> Void) async {
        isStopped.withLock { $0 = false }
        await withTaskGroup(of: Void.self) { group in
            for venue in venues {
                group.addTask {
                    var number = 0
                    while !self.isStopped.withLock({ $0 }) {
                        number += 1
                        guard (try? await self.publish("\(label) \(number)", at: venue)) != nil else { return }
                        await published()
                    }
                }
            }
        }
    }

    /// Nobody begins another change; those under way are answered, or not.
    func stop() {
        isStopped.withLock { $0 = true }
    }

    /// - Throws: what the server says, and what keeps it from saying anything for ten seconds.
    func publish(_ notice: String, at venue: Venue) async throws {
        let body = try JSONByteEncoder().encode(["notice": notice])
        try await rest.send("PUT", "/api/v1/venues/\(venue.id)", body: body, timeLimit: .seconds(10)).success()
    }

    private func wait(for readers: [any TortureReader], _ count: UInt64, _ venue: Venue, _ bases: [String: UInt64]) async throws {
        for channel in Self.channels(of: [venue]) {
            for reader in readers {
                let offset = bases[channel, default: 0] + count
                guard await reader.hasReached(offset, in: channel, within: Self.patience) else { throw TortureError.stuck(channel, offset) }
            }
        }
    }
}

/// Somebody whose progress publishers look at.
protocol TortureReader: Sendable {
    func hasReached(_ offset: UInt64, in channel: String, within limit: Duration) async -> Bool
    /// What came, in that order.
    func entries(of channel: String) -> [SequenceEntry]
    /// Every channel it follows.
    var channels: [String] { get }
}

extension BareFollower: TortureReader {
    func hasReached(_ offset: UInt64, in channel: String, within limit: Duration) async -> Bool {
        guard channels.contains(channel) else { return true }
        return await gauge.hasReached(offset, in: channel, within: limit)
    }

    func entries(of channel: String) -> [SequenceEntry] { heard(channel) }
}

extension Follower: TortureReader {
    var channels: [String] { [subscription.channel] }

    func hasReached(_ offset: UInt64, in channel: String, within limit: Duration) async -> Bool {
        guard channel == subscription.channel else { return true }
        return await subscription.hasReached(offset, within: limit)
    }

    func entries(of channel: String) -> [SequenceEntry] { heard.map { SequenceEntry(offset: $0.offset, id: $0.id) } }
}

enum TortureError: Error {
    /// A reader has not come so far in time.
    case stuck(String, UInt64)
}
