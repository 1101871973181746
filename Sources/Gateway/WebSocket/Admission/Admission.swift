import NIOCore
import Synchronization

/// Decides who may come in before anything is spent on them. Shared by all event loops.
final class Admission: Sendable {
    /// What is let in.
    struct Limits: Sendable {
        /// Connections from one address (in IPv6: one network of 64 bits); nil sets no bound.
        var connectionsPerAddressMax: Int?
        /// Their connections are everybody's, and are not counted.
        var trustedProxies = TrustedProxies.nobody
        /// Upgrades in a second on the long run, of the whole process.
        var upgradesPerSecondMax = 2_000
        /// Upgrades at once: everybody who comes back after a cut.
        var upgradesBurstMax = 10_000
    }

    private let connectionsPerAddressMax: Int?
    private let trustedProxies: TrustedProxies
    /// As many entries as there are connections, at most.
    private let connections = Mutex<[AddressRange: Int]>([:])
    private let upgrades: Mutex<TokenBucket>
    let refusals: Refusals

    /// - Parameter refusals: Where those are counted who are turned away.
    init(_ limits: Limits, refusals: Refusals = Refusals()) {
        self.refusals = refusals
        connectionsPerAddressMax = limits.connectionsPerAddressMax
        trustedProxies = limits.trustedProxies
        upgrades = Mutex(TokenBucket(perSecond: limits.upgradesPerSecondMax, burst: limits.upgradesBurstMax, now: .now()))
    }

    /// Counts an accepted connection until it closes. False when there are too many from its address: then it is not counted.
    func admit(_ channel: any Channel) -> Bool {
        guard let connectionsPerAddressMax, let address = AddressRange(channel.remoteAddress),
            !trustedProxies.contains(channel.remoteAddress)
        else { return true }
        let isAdmitted = connections.withLock { connections in
            let count = connections[address, default: 0]
            guard count < connectionsPerAddressMax else { return false }
            connections[address] = count + 1
            return true
        }
        guard isAdmitted else {
            refusals.count(.address)
            return false
        }
        channel.closeFuture.whenComplete { [self] _ in remove(address) }
        return true
    }

    /// Whether one more connection may become a WebSocket now.
    func admitUpgrade(now: NIODeadline = .now()) -> Bool {
        let isAdmitted = upgrades.withLock { $0.take(now: now) }
        if !isAdmitted { refusals.count(.rate) }
        return isAdmitted
    }

    private func remove(_ address: AddressRange) {
        connections.withLock { connections in
            guard let count = connections[address] else { return }
            connections[address] = count > 1 ? count - 1 : nil
        }
    }
}
