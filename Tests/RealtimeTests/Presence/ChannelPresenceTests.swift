import SeededRandom
import Testing
import Wire

@testable import Realtime

@Suite struct ChannelPresenceTests {
    private func info(_ user: String, _ client: String) -> ClientInfo { ClientInfo(user: user, client: client) }

    @Test func `who comes and goes is told`() {
        var presence = ChannelPresence()
        #expect(presence.join(info("ana", "a"), clientsMax: 9) == .joined)
        #expect(presence.join(info("ben", "b"), clientsMax: 9) == .joined)
        #expect(presence.clients.keys.sorted() == ["a", "b"])
        #expect(PresenceStatsResult(counting: presence.clients).userCount == 2)
        #expect(presence.leave(client: "a", hold: nil) == .left(info("ana", "a")))
        #expect(presence.leave(client: "a", hold: nil) == .unknown)
        #expect(presence.clients.keys.sorted() == ["b"])
    }

    @Test func `a blip is no news, and meanwhile the user is still shown`() {
        var presence = ChannelPresence()
        _ = presence.join(info("ana", "a"), clientsMax: 9)
        #expect(presence.leave(client: "a", hold: 1) == .held)
        #expect(presence.clients.keys.sorted() == ["a"])
        #expect(presence.join(info("ana", "a2"), clientsMax: 9) == .returned)
        #expect(presence.clients.keys.sorted() == ["a2"])
        #expect(presence.expire(client: "a", hold: 1) == nil)
        #expect(presence.leave(client: "a2", hold: 1) == .held)
        #expect(presence.expire(client: "a2", hold: 1) == info("ana", "a2"))
        #expect(presence.isEmpty)
    }

    @Test func `each of several connections is held for itself`() {
        var presence = ChannelPresence()
        for client in ["a1", "a2"] { _ = presence.join(info("ana", client), clientsMax: 9) }
        _ = presence.leave(client: "a1", hold: 1)
        _ = presence.leave(client: "a2", hold: 1)
        #expect(presence.join(info("ana", "a3"), clientsMax: 9) == .returned)
        #expect(presence.expire(client: "a1", hold: 1) == nil)
        #expect(presence.expire(client: "a2", hold: 1) == info("ana", "a2"))
        #expect(presence.clients.keys.sorted() == ["a3"])
        #expect(PresenceStatsResult(counting: presence.clients).userCount == 1)
    }

    @Test func `a connection that lost the channel alone takes its own place, not another's`() {
        var presence = ChannelPresence()
        for client in ["a1", "a2"] { _ = presence.join(info("ana", client), clientsMax: 9) }
        for client in ["a1", "a2"] { _ = presence.leave(client: client, hold: 1) }
        #expect(presence.join(info("ana", "a2"), clientsMax: 9) == .returned)
        #expect(presence.clients.keys.sorted() == ["a1", "a2"])
        #expect(presence.expire(client: "a2", hold: 1) == nil)
        #expect(presence.expire(client: "a1", hold: 1) == info("ana", "a1"))
        #expect(presence.clients.keys.sorted() == ["a2"])
    }

    @Test func `the end of one time away is not that of the next`() {
        var presence = ChannelPresence()
        _ = presence.join(info("ana", "a"), clientsMax: 9)
        _ = presence.leave(client: "a", hold: 1)
        _ = presence.join(info("ana", "a"), clientsMax: 9)
        _ = presence.leave(client: "a", hold: 2)
        #expect(presence.expire(client: "a", hold: 1) == nil)
        #expect(presence.expire(client: "a", hold: 2) == info("ana", "a"))
    }

    @Test func `nobody takes an anonymous one's place`() {
        var presence = ChannelPresence()
        _ = presence.join(info("", "x"), clientsMax: 9)
        _ = presence.join(info("", "y"), clientsMax: 9)
        #expect(PresenceStatsResult(counting: presence.clients).userCount == 2)
        #expect(presence.leave(client: "x", hold: 1) == .left(info("", "x")))
        #expect(presence.join(info("", "z"), clientsMax: 9) == .joined)
    }

    @Test func `a full channel shows nobody new, except who was there`() {
        var presence = ChannelPresence()
        _ = presence.join(info("ana", "a"), clientsMax: 2)
        _ = presence.join(info("ben", "b"), clientsMax: 2)
        #expect(presence.join(info("cleo", "c"), clientsMax: 2) == .full)
        #expect(presence.leave(client: "c", hold: 1) == .unknown)
        _ = presence.leave(client: "a", hold: 1)
        #expect(presence.join(info("cleo", "c"), clientsMax: 2) == .full)
        #expect(presence.join(info("ana", "a2"), clientsMax: 2) == .returned)
    }

    /// Against what a bystander believes who hears only the joins and leaves.
    @Test(arguments: 0..<50)
    func `whatever happens, the news add up to who is shown`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var presence = ChannelPresence()
        var heard: [String: Int] = [:]
        var connected: [ClientInfo] = []
        var held: [ClientInfo] = []
        for step in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let user = ["ana", "ben", "cleo", ""].randomElement(using: &random) ?? ""
                // Somebody else of the user's, or one who has lost the channel alone.
                let own = Bool.random(using: &random) ? held.filter { $0.user == user }.randomElement(using: &random) : nil
                let info = own ?? info(user, "\(step)")
                let mayReturn = held.contains { $0.user == user }
                let arrival = presence.join(info, clientsMax: 6)
                #expect((arrival == .returned) == mayReturn)
                if arrival == .joined { heard[user, default: 0] += 1 }
                if arrival != .full { connected.append(info) }
                let place = held.firstIndex { $0 == own } ?? held.firstIndex { $0.user == user }
                if arrival == .returned, let place { held.remove(at: place) }
            case 4..<8:
                guard let index = connected.indices.randomElement(using: &random) else { continue }
                let info = connected.remove(at: index)
                switch presence.leave(client: info.client, hold: Bool.random(using: &random) ? 1 : nil) {
                case .left(let left):
                    #expect(left == info)
                    heard[info.user, default: 0] -= 1
                case .held: held.append(info)
                case .unknown: Issue.record("somebody who was there is unknown")
                }
            default:
                guard let info = held.first else { continue }
                held.removeFirst()
                #expect(presence.expire(client: info.client, hold: 1) == info)
                heard[info.user, default: 0] -= 1
            }
            #expect(Set(presence.clients.keys) == Set((connected + held).map(\.client)))
            #expect(presence.clients.count <= 6)
            let shown = Dictionary(presence.clients.values.map { ($0.user, 1) }, uniquingKeysWith: +)
            #expect(heard.filter { $0.value != 0 } == shown)
        }
    }
}
