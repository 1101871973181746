import Wire

/// Who is where, as a session answers it: at once in a process that is alone, else once the other nodes' part is known. As many questions are
/// under way as a connection may send commands while Redis is waited for.
extension Session {
    func presence(_ id: UInt32, _ channel: String) {
        guard let roster = shard.roster else {
            return send(Reply(id: id, body: .presence(PresenceResult(presence: shard.registry.clients(of: channel)))))
        }
        answer(id, channel, roster) { .presence(PresenceResult(presence: $0)) }
    }

    func presenceStats(_ id: UInt32, _ channel: String) {
        guard let roster = shard.roster else {
            return send(Reply(id: id, body: .presenceStats(shard.registry.counts(of: channel))))
        }
        answer(id, channel, roster) { .presenceStats(PresenceStatsResult(counting: $0)) }
    }

    private func answer(
        _ id: UInt32, _ channel: String, _ roster: any ClusterRoster, _ body: @escaping ([String: ClientInfo]) -> Reply.Body
    ) {
        shard.tasks.run {
            await roster.presence(of: channel)
        } then: { [self] others in
            guard !state.isClosed else { return }
            let everybody = others.merging(shard.registry.clients(of: channel)) { $1 }
            inOneFrame { send(Reply(id: id, body: body(everybody))) }
        }
    }
}
