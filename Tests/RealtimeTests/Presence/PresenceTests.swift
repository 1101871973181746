import Testing
import Wire

@testable import Realtime

@Suite struct PresenceTests {
    private let chat = "chat:7"

    private func stage(_ settings: HubSettings = HubSettings(), options: ChannelOptions = .chat) -> Stage {
        var settings = settings
        settings.pingSeconds = 1_000
        var rules = TestAccess.Rules()
        rules.info = RawJSON(#"{"name":"x"}"#)
        rules.grants[chat] = ChannelGrant(options: options, info: RawJSON(#"{"role":"y"}"#))
        return Stage(settings, rules)
    }

    private func member(_ stage: Stage, _ user: String, joinLeave: Bool = true) async throws -> Peer {
        let peer = try await stage.connectedPeer(token: user)
        try await peer.send(.subscribe(SubscribeRequest(channel: chat, joinLeave: joinLeave)))
        return peer
    }

    private func info(_ peer: Peer, _ user: String) async throws -> ClientInfo {
        let client = try await peer.client()
        return ClientInfo(user: user, client: client, connInfo: RawJSON(#"{"name":"x"}"#), chanInfo: RawJSON(#"{"role":"y"}"#))
    }

    private func join(_ info: ClientInfo) -> Push { Push(channel: chat, body: .join(info)) }
    private func leave(_ info: ClientInfo) -> Push { Push(channel: chat, body: .leave(info)) }

    @Test func `long answers to commands of one frame do not make one frame`() async throws {
        var settings = HubSettings()
        settings.pingSeconds = 1_000
        var rules = TestAccess.Rules()
        rules.info = RawJSON("\"" + String(repeating: "x", count: 4_000) + "\"")
        rules.grants[chat] = ChannelGrant(options: .chat)
        let stage = Stage(settings, rules)
        var members: [Peer] = []
        for number in 1...50 { members.append(try await member(stage, "user-\(number)", joinLeave: false)) }
        let before = try await members[0].frames().count
        let commands = (1...10).map { Command(id: UInt32($0), request: .presence(PresenceRequest(channel: chat))) }
        try await members[0].send(frame: JSONClientCodec().encode(commands))
        let frames = try await members[0].frames().dropFirst(before)
        #expect(frames.count == 10)
        #expect(try await members[0].replies().count >= 10)
    }

    @Test func `subscribers learn who comes, themselves included, and who leaves`() async throws {
        let stage = stage()
        let ana = try await member(stage, "ana")
        let (anaInfo) = try await info(ana, "ana")
        let first = try await ana.take()
        guard first.count == 2, case .reply = first[0] else { return #expect(Bool(false)) }
        #expect(first[1] == .push(join(anaInfo)))

        let ben = try await member(stage, "ben")
        let benInfo = try await info(ben, "ben")
        #expect(try await ana.pushes() == [join(benInfo)])
        try await ben.send(.unsubscribe(UnsubscribeRequest(channel: chat)))
        #expect(try await ana.pushes() == [leave(benInfo)])
    }

    @Test(arguments: [ChannelOptions.live, .log])
    func `who begins with a channel hears of the own coming once, right behind the connect result`(_ options: ChannelOptions) async throws {
        var options = options
        options.presence = true
        options.forcePushJoinLeave = true
        var rules = TestAccess.Rules()
        for channel in [chat, "log:1"] { rules.connected[channel] = ChannelGrant(options: options) }
        let stage = Stage(HubSettings(), rules)
        _ = stage.log.append("1", to: chat)
        var joins: [[Push]] = []
        var infos: [ClientInfo] = []
        var peers: [Peer] = []
        for user in ["ana", "ben"] {
            let peer = try await stage.peer()
            try await peer.send(.connect(ConnectRequest(token: user)))
            let messages = try await peer.take()
            guard case .reply = messages.first else { return #expect(Bool(false)) }
            let pushes = messages.compactMap { if case .push(let push) = $0 { push } else { nil } }
            joins.append(pushes.filter { $0.channel == chat })
            infos.append(ClientInfo(user: user, client: try await peer.client()))
            peers.append(peer)
        }
        #expect(joins == infos.map { [join($0)] })
        try await stage.commit(["2"], to: chat)
        let heard = try await peers[0].take().compactMap { if case .push(let push) = $0, push.channel == chat { push } else { nil } }
        #expect(heard.first == join(infos[1]) && heard.count == (options.hasLog ? 2 : 1))
    }

    @Test func `who begins with a channel in which something happens meanwhile hears of the own coming behind that`() async throws {
        var options = ChannelOptions.log
        options.presence = true
        options.forcePushJoinLeave = true
        var settings = HubSettings()
        settings.pingSeconds = 1_000
        var rules = TestAccess.Rules()
        rules.connected = [chat: ChannelGrant(options: options), "log:1": ChannelGrant(options: .log)]
        let stage = Stage(settings, rules)
        // One channel is warm and begins at once, the other is read first.
        let ana = try await stage.connectedPeer(token: "ana")
        try await ana.send(.unsubscribe(UnsubscribeRequest(channel: "log:1")))
        try await stage.advance(bySeconds: settings.lingerSeconds + 1)
        stage.log.afterNextRead { [stage, chat] in stage.relay.committed([stage.log.append("1", to: chat)]) }
        let ben = try await stage.peer()
        try await ben.send(.connect(ConnectRequest(token: "ben")))
        var pushes: [Push] = []
        while case let more = try await ben.pushes(), !more.isEmpty { pushes += more }
        let own = join(ClientInfo(user: "ben", client: try await ben.client()))
        #expect(pushes.count == 2 && pushes.last == own)
        #expect(await stage.hub.presenceStats(chat).clientCount == 2)
        try await ben.hangUp()
        try await stage.advance(bySeconds: settings.leaveHoldSeconds + 1)
        #expect(await stage.hub.presenceStats(chat).clientCount == 1)
    }

    @Test func `who did not ask is not told, unless the channel tells everybody`() async throws {
        let quiet = stage()
        let ana = try await member(quiet, "ana", joinLeave: false)
        _ = try await member(quiet, "ben")
        #expect(try await ana.pushes().isEmpty)

        var options = ChannelOptions.chat
        options.forcePushJoinLeave = true
        let loud = stage(options: options)
        let cleo = try await member(loud, "cleo", joinLeave: false)
        let dan = try await member(loud, "dan")
        let (cleoInfo, danInfo) = (try await info(cleo, "cleo"), try await info(dan, "dan"))
        #expect(try await cleo.pushes() == [join(cleoInfo), join(danInfo)])
    }

    @Test func `presence and its counts are for subscribers of channels that have them`() async throws {
        let stage = stage()
        let ana = try await member(stage, "ana")
        let ben = try await member(stage, "ben")
        let also = try await member(stage, "ben")
        _ = try await ana.take()
        try await ana.send(.presence(PresenceRequest(channel: chat)), .presenceStats(PresenceStatsRequest(channel: chat)))
        var expected: [String: ClientInfo] = [:]
        for (peer, user) in [(ana, "ana"), (ben, "ben"), (also, "ben")] { expected[try await peer.client()] = try await info(peer, user) }
        #expect(
            try await ana.replies() == [
                .presence(PresenceResult(presence: expected)), .presenceStats(PresenceStatsResult(clientCount: 3, userCount: 2)),
            ])
        #expect(await stage.hub.presence(chat) == expected)
        #expect(await stage.hub.presenceStats(chat).userCount == 2)

        try await ana.send(.subscribe(SubscribeRequest(channel: "log")))
        _ = try await ana.take()
        try await ana.send(.presence(PresenceRequest(channel: "log")))
        #expect(try await ana.replies() == [.error(.notAvailable)])

        var options = ChannelOptions.chat
        options.presenceForSubscriber = false
        let secret = self.stage(options: options)
        let cleo = try await member(secret, "cleo")
        _ = try await cleo.take()
        try await cleo.send(.presence(PresenceRequest(channel: chat)))
        #expect(try await cleo.replies() == [.error(.permissionDenied)])
    }

    @Test func `a connection that was cut off and comes back has never left`() async throws {
        let stage = stage()
        let ana = try await member(stage, "ana")
        let ben = try await member(stage, "ben")
        _ = try await ana.take()
        try await ben.hangUp()
        try await stage.advance(bySeconds: 14)
        #expect(await stage.hub.presenceStats(chat).clientCount == 2)
        let again = try await member(stage, "ben")
        try await stage.advance(bySeconds: 60)
        #expect(try await ana.pushes().isEmpty)
        let shown = try await Set([ana.client(), again.client()])
        #expect(Set(await stage.hub.presence(chat).keys) == shown)
    }

    @Test func `who does not come back in time has left`() async throws {
        let stage = stage()
        let ana = try await member(stage, "ana")
        let ben = try await member(stage, "ben")
        let benInfo = try await info(ben, "ben")
        _ = try await ana.take()
        try await ben.hangUp()
        try await stage.advance(bySeconds: 14)
        #expect(try await ana.pushes().isEmpty)
        try await stage.advance(bySeconds: 1)
        #expect(try await ana.pushes() == [leave(benInfo)])
        #expect(await stage.hub.presenceStats(chat).clientCount == 1)
    }

    @Test func `more leaves than can be held back are told at once`() async throws {
        var settings = HubSettings()
        settings.heldLeavesMax = 1
        let stage = stage(settings)
        let ana = try await member(stage, "ana")
        let (ben, cleo) = (try await member(stage, "ben"), try await member(stage, "cleo"))
        let cleoInfo = try await info(cleo, "cleo")
        _ = try await ana.take()
        try await ben.hangUp()
        try await cleo.hangUp()
        #expect(try await ana.pushes() == [leave(cleoInfo)])
    }

    @Test func `who is sent away for good has left at once`() async throws {
        let stage = stage()
        let ana = try await member(stage, "ana")
        let ben = try await member(stage, "ben")
        let benInfo = try await info(ben, "ben")
        _ = try await ana.take()
        try await stage.disconnect("ben")
        #expect(try await ana.pushes() == [leave(benInfo)])
    }

    @Test func `a server that goes away tells nobody that everybody leaves`() async throws {
        let stage = stage()
        let ana = try await member(stage, "ana")
        let ben = try await member(stage, "ben")
        _ = try await ana.take()
        try await stage.onShard { shard in shard.ledger.drain(whenEmpty: {}) }
        try await ben.hangUp()
        try await stage.advance(bySeconds: 30)
        #expect(try await ana.pushes().isEmpty)
    }

    @Test func `a full channel carries everything to whoever it does not show`() async throws {
        var settings = HubSettings()
        settings.presenceSizeMax = 1
        let stage = stage(settings)
        let ana = try await member(stage, "ana")
        let ben = try await member(stage, "ben")
        _ = try await ben.take()
        try await stage.commit(["1"], to: chat)
        #expect(try await ben.publications() == [1])
        #expect(await stage.hub.presenceStats(chat).clientCount == 1)
        _ = try await ana.take()
        try await ben.hangUp()
        try await stage.advance(bySeconds: 30)
        #expect(try await ana.pushes().isEmpty)
    }
}
