import Wire

extension Hub {
    /// Has every event loop carry an order out; returns at once. Orders of one thread are carried out in their order.
    public func pass(_ order: HubOrder) {
        if case .forgetHistory(let channel) = order.action {
            // Behind every event that it may still have had.
            for seat in seats { seat.inbox.put(removalOf: channel) }
        }
        for seat in seats { seat.eventLoop.execute { seat.shard.value.carryOut(order) } }
    }

    /// Carries an order out in this process alone; returns when that is done.
    public func carryOut(_ order: HubOrder) async {
        pass(order)
        await ordersCarriedOut()
    }

    /// Returns when every order that came before is carried out here.
    public func ordersCarriedOut() async {
        await onEveryLoop { _ in }
    }
}

extension HubShard {
    func carryOut(_ order: HubOrder) {
        switch order.action {
        case .subscribe(let target, let channel, let grant, let since):
            for connection in connections(of: target) { connection.subscribe(to: channel, grant, since: since) }
        case .unsubscribe(let target, let channel):
            for connection in connections(of: target) { connection.unsubscribe(from: channel, .server) }
        case .disconnect(let target, let code, let reason, let spared):
            for connection in connections(of: target) where !spared.contains(connection.client) {
                connection.close(Disconnect(code: code, reason: reason))
            }
        case .refresh(let target, let expiresAt):
            for connection in connections(of: target) { connection.refresh(expiresAt: expiresAt) }
        case .forgetHistory: pump(isUrgent: true)
        }
    }

    private func connections(of target: HubTarget) -> [any HubConnection] {
        connections.connections(of: target.user).filter { connection in
            (target.client.map { connection.client == $0 } ?? true) && (target.proof.map { SessionProof(connection.secret) == $0 } ?? true)
        }
    }
}
