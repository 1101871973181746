import Core

/// Empties what a commit makes stale before its writer gets the answer. What other nodes commit comes by way of the relay, a moment later.
struct CatalogueWatch: CommittedEvents {
    let invalidate: @Sendable () -> Void

    func committed(_ events: [CommittedEvent]) {
        if events.contains(where: { $0.channel == SystemChannel.catalogue.name }) { invalidate() }
    }
}
