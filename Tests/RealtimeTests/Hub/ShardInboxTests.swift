import Core
import Testing
import Wire

@testable import Realtime

@Suite struct ShardInboxTests {
    private func event(_ channel: String, _ offset: UInt64, bytes: Int = 0) -> Broadcast {
        Broadcast(
            channel: channel, position: StreamPosition(epoch: "e", offset: offset),
            data: RawJSON(bytes: Array(repeating: UInt8(ascii: "1"), count: bytes))
        )
    }

    private func texts(_ inbox: ShardInbox) -> [String] {
        inbox.take().map { arrival in
            switch arrival {
            case .event(let event): "\(event.channel)@\(event.offset)"
            case .revocation(let revocation): "revoked \(revocation.userID)"
            case .moved(let channel, let position): "\(channel) moved to \(position.offset)"
            case .movedAnywhere: "moved anywhere"
            case .recheckCallers: "recheck"
            case .historyRemoved(let channel): "removed \(channel ?? "anything")"
            }
        }
    }

    private let revocation = Revocation(scope: .account, userID: UserID(7), at: Instant(microseconds: 0))

    @Test func `the loop is woken once for all that comes before it looks`() {
        let inbox = ShardInbox(bytesMax: 10_000, movedChannelsMax: 2)
        #expect(inbox.put(events: [event("a", 1)], revocations: []))
        #expect(!inbox.put(events: [event("a", 2)], revocations: [revocation]))
        #expect(texts(inbox) == ["a@1", "a@2", "revoked 7"])
        // It may look again without being woken; only an empty inbox lets it sleep.
        #expect(!inbox.put(events: [event("a", 3)], revocations: []))
        #expect(texts(inbox) == ["a@3"])
        #expect(texts(inbox).isEmpty)
        #expect(inbox.put(events: [event("a", 4)], revocations: []))
    }

    @Test func `an overflow keeps which channels moved and how far`() {
        let inbox = ShardInbox(bytesMax: 600, movedChannelsMax: 2)
        _ = inbox.put(events: [event("a", 1), event("a", 2), event("b", 1), event("a", 3), event("b", 2)], revocations: [])
        #expect(Set(texts(inbox)) == ["a@1", "a@2", "b moved to 2", "a moved to 3"])
        _ = inbox.put(events: [event("a", 4)], revocations: [])
        #expect(texts(inbox) == ["a@4"])
    }

    @Test func `an overflow of channels keeps only that something moved`() {
        let inbox = ShardInbox(bytesMax: 0, movedChannelsMax: 2)
        _ = inbox.put(events: ["a", "b", "c", "d"].map { event($0, 1) }, revocations: [])
        #expect(texts(inbox) == ["moved anywhere"])
    }

    private func move(_ channel: String, _ offset: UInt64) -> ChannelMove {
        ChannelMove(channel: channel, top: StreamPosition(epoch: "e", offset: offset))
    }

    @Test func `what the log says of a channel stands behind its events, and drops none of those that follow`() {
        let inbox = ShardInbox(bytesMax: 10_000, movedChannelsMax: 2)
        #expect(inbox.put(events: [event("a", 1)], revocations: []))
        #expect(!inbox.put(moves: [move("a", 1), move("b", 3)]))
        _ = inbox.put(events: [event("a", 2)], revocations: [])
        #expect(texts(inbox) == ["a@1", "a moved to 1", "b moved to 3", "a@2"])
    }

    @Test func `of moves that do not fit the furthest is kept, and of too many only that there were some`() {
        let inbox = ShardInbox(bytesMax: 0, movedChannelsMax: 2)
        #expect(inbox.put(moves: [move("a", 5), move("a", 3), move("b", 1)]))
        #expect(Set(texts(inbox)) == ["a moved to 5", "b moved to 1"])
        _ = inbox.put(moves: [move("a", 1), move("b", 1), move("c", 1)])
        #expect(texts(inbox) == ["moved anywhere"])
        _ = inbox.take()
        #expect(inbox.putMoveAnywhere())
        #expect(texts(inbox) == ["moved anywhere"])
    }

    @Test func `a revocation that does not fit has every caller looked at again`() {
        let inbox = ShardInbox(bytesMax: 0, movedChannelsMax: 2)
        _ = inbox.put(events: [], revocations: [revocation])
        #expect(texts(inbox) == ["recheck"])
    }
}
