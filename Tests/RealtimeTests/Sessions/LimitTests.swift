import Testing
import Wire

@testable import Realtime

/// The limits that have no test beside what they bound.
@Suite struct LimitTests {
    @Test func `one address has only so many connections, and a closed one makes room`() async throws {
        var settings = HubSettings()
        settings.connectionsPerAddressMax = 2
        let stage = Stage(settings, TestAccess.Rules())
        let first = try await stage.peer(from: "192.0.2.1")
        _ = try await stage.peer(from: "192.0.2.1")
        #expect(try await stage.peer(from: "192.0.2.1").closed() == .connectionLimit)
        #expect(try await stage.peer(from: "192.0.2.2").closed() == nil)
        #expect(try await stage.peer().closed() == nil)
        #expect(stage.hub.connectionCount == 4)
        try await first.hangUp()
        #expect(try await stage.peer(from: "192.0.2.1").closed() == nil)
        #expect(try await stage.peer(from: "192.0.2.1").closed() == .connectionLimit)
    }

    @Test func `all connections of a user share the user's budget`() async throws {
        var settings = HubSettings()
        settings.userCommandsPerSecond = 1
        settings.userCommandsBurst = 4
        let stage = Stage(settings, TestAccess.Rules())
        let (first, second) = (try await stage.connectedPeer(token: "ana"), try await stage.connectedPeer(token: "ana"))
        let other = try await stage.connectedPeer(token: "ben")
        let harmless = Command.Request.unsubscribe(UnsubscribeRequest(channel: "x"))
        try await first.send(harmless, harmless)
        try await second.send(harmless, harmless)
        #expect(try await second.closed() == nil)
        try await second.send(harmless)
        #expect(try await second.closed() == .tooManyRequests)
        try await other.send(harmless, harmless)
        #expect(try await other.closed() == nil)
        try await stage.advance(bySeconds: 1)
        try await first.send(harmless)
        #expect(try await first.closed() == nil)
    }

    @Test func `subscriptions beyond the rate are refused for the moment`() async throws {
        var settings = HubSettings()
        settings.subscriptionsPerSecond = 1
        settings.subscriptionsBurst = 2
        let stage = Stage(settings, TestAccess.Rules())
        let peer = try await stage.connectedPeer(token: "ana")
        func subscribe(_ channel: String) -> Command.Request { .subscribe(SubscribeRequest(channel: channel)) }
        try await peer.send(subscribe("a"), subscribe("b"), subscribe("c"))
        #expect(try await peer.replies().count { $0 == .error(.tooManyRequests) } == 1)
        try await stage.advance(bySeconds: 1)
        try await peer.send(subscribe("c"))
        guard case .subscribe = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(try await peer.closed() == nil)
    }

    @Test func `a budget fills up to its burst and no further, after however long`() {
        let rate = CommandBudget.Rate(perSecond: .max, burst: 2)
        var budget = CommandBudget(rate, at: 0)
        for second in [0, 5] {
            let taken = (0..<3).map { _ in budget.take(rate, at: second) }
            #expect(taken == [true, true, false])
        }
    }

    /// An idle connection with its personal channel and two more is to cost six kilobytes at most with its socket and all: what the session
    /// keeps has its share of that.
    @Test func `what an idle connection keeps is small`() {
        #expect(MemoryLayout<SessionState>.size <= 400)
        #expect(MemoryLayout<Membership>.size <= 104)
        #expect(MemoryLayout<SubscriptionTraits>.size <= 16)
        #expect(MemoryLayout<CommandBudget>.size == 8)
    }
}
