import Core
import Wire

/// What a client may ask about a channel: its log, and who is in it.
extension SessionState {
    mutating func readHistory(_ request: HistoryRequest, _ id: UInt32) -> [SessionAction] {
        let refusal: ProtocolError? =
            if let grant = memberships.liveGrant(of: request.channel) {
                if !grant.options.hasLog {
                    .notAvailable
                } else if !grant.options.historyForSubscriber {
                    .permissionDenied
                } else if request.limit < -1 {
                    .badRequest
                } else if historyReads >= settings.historyReadsMax {
                    .tooManyRequests
                } else {
                    nil
                }
            } else {
                .permissionDenied
            }
        if let refusal {
            let refused = [error(refusal, id)]
            return refusal == .tooManyRequests ? [.limitHit(.historyReads)] + refused : refused
        }
        historyReads += 1
        var bounded = request
        bounded.limit = request.limit < 0 ? settings.historyEventsMax : min(request.limit, settings.historyEventsMax)
        let isCut = request.limit > bounded.limit
        return (isCut ? [.limitHit(.historyPage)] : []) + [.readHistory(id: id, bounded)]
    }

    /// - Parameter page: nil when the log could not be read.
    mutating func historyRead(id: UInt32, _ request: HistoryRequest, _ page: LogPage?) -> [SessionAction] {
        historyReads -= 1
        guard !isClosed else { return [] }
        guard let page else { return [error(.internalError, id)] }
        if let epoch = request.since?.epoch, !epoch.isEmpty, epoch != page.top.epoch { return [error(.unrecoverablePosition, id)] }
        let publications = withinBytes(page.entries).map { Publication(data: $0.data, info: $0.info, offset: $0.offset, tags: $0.tags) }
        let result = HistoryResult(publications: publications, epoch: page.top.epoch, offset: page.top.offset)
        let isCut = publications.count < page.entries.count
        return (isCut ? [.limitHit(.historyPage)] : []) + [.reply(Reply(id: id, body: .history(result)))]
    }

    /// The first entries that fit into an answer; at least one, or the client could never get past it.
    private func withinBytes(_ entries: [LogEntry]) -> ArraySlice<LogEntry> {
        var bytes = 0
        let count = entries.prefix { entry in
            bytes += entry.data.bytes.count
            return bytes <= settings.historyBytesMax
        }.count
        return entries.prefix(max(count, 1))
    }

    func presence(_ channel: String, _ id: UInt32, _ action: SessionAction) -> [SessionAction] {
        guard let options = memberships.liveGrant(of: channel)?.options else { return [error(.permissionDenied, id)] }
        guard options.presence else { return [error(.notAvailable, id)] }
        guard options.presenceForSubscriber else { return [error(.permissionDenied, id)] }
        return [action]
    }
}
