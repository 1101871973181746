extension ClientCodec {
    /// A publication as a subscription with deltas gets it (protocol A.10): the difference to what the client got before, where there is
    /// something before and the difference is shorter, and otherwise the whole. Encode it with this codec and no other.
    ///
    /// The caller sees to it that `base` is what this very client had last: nothing at the beginning of a subscription, also of one that was
    /// recovered without having missed anything, because the client may have lost what it had.
    ///
    /// - Parameters:
    ///   - publication: Holds the whole payload.
    ///   - base: The whole payload of the publication before; nil to send the whole.
    public func deltaPublication(_ publication: Publication, after base: RawJSON?) -> Publication {
        let text = text(of: publication.data)
        var result = publication
        if let base, let delta = FossilDelta.encode(from: self.text(of: base), to: text) {
            result.data = deltaPayload(delta)
            result.delta = true
        } else {
            result.data = deltaPayload(text)
            result.delta = false
        }
        return result
    }

    /// What a client missed, oldest first, as a subscription with deltas gets it: the first whole, the others as differences.
    public func deltaPublications(_ publications: [Publication]) -> [Publication] {
        var base: RawJSON?
        return publications.map { publication in
            defer { base = publication.data }
            return deltaPublication(publication, after: base)
        }
    }

    /// An answer in which subscriptions with deltas find what they missed as they get publications later: see ``deltaPublications(_:)``.
    public func withDeltas(_ reply: Reply) -> Reply {
        switch reply.body {
        case .subscribe(let result) where result.delta:
            return Reply(id: reply.id, body: .subscribe(withDeltas(result)))
        case .connect(var result) where result.subs.contains { $0.value.delta }:
            result.subs = result.subs.mapValues(withDeltas)
            return Reply(id: reply.id, body: .connect(result))
        default:
            return reply
        }
    }

    private func withDeltas(_ result: SubscribeResult) -> SubscribeResult {
        guard result.delta else { return result }
        var result = result
        result.publications = deltaPublications(result.publications)
        return result
    }
}
