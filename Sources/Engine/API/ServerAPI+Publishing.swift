import Core
import Realtime
import Wire

extension ServerAPI {
    /// `{"channel", "data", "tags", "skip_history", "idempotency_key", "version", "version_epoch"}`.
    func publish(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let position = try await publish(try parameters.publication(), to: try parameters.channel(), parameters)
        return try Self.encode(APIResult.Published(position))
    }

    /// The same with `channels`; each of them answers for itself.
    func broadcast(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let channels: [String] = try parameters.value("channels") ?? []
        guard !channels.isEmpty else { throw .refused(.badRequest) }
        guard channels.count <= Self.broadcastChannelsMax else { throw .refused(.limitExceeded) }
        let publication = try parameters.publication()
        var responses: [RawJSON] = []
        for (number, channel) in channels.enumerated() {
            await Self.giveWay(after: number)
            do throws(APIFailure) {
                let position = try await publish(publication, to: channel, parameters)
                responses.append(try Self.encode(["result": APIResult.Published(position)]))
            } catch {
                guard case .refused(let refusal) = error else { throw error }
                responses.append(try Self.encode(APIResult.Failure(refusal)))
            }
        }
        return try Self.encode(APIResult.Broadcast(responses: responses))
    }

    /// - Returns: the place in the log; nil in a channel that keeps nothing, and for what is not to be kept.
    private func publish(
        _ publication: Publication, to channel: String, _ parameters: APIParameters
    ) async throws(APIFailure) -> StreamPosition? {
        guard !channel.isEmpty else { throw .refused(.badRequest) }
        // It would close every connection that it is sent to as too slow, each time they come back.
        guard publication.data.bytes.count <= hub.settings.publicationBytesMax else { throw .refused(.limitExceeded) }
        let options = try options(of: channel)
        let key: String? = try parameters.value("idempotency_key")
        guard options.hasLog, !(try parameters.bool("skip_history")) else {
            if repeats.isFirst(key, in: channel) { hub.publish(publication, to: channel) }
            return nil
        }
        let append = AppendOptions(
            idempotencyKey: key, version: try parameters.value("version") ?? 0, versionEpoch: try parameters.text("version_epoch")
        )
        do {
            return try await channelLog.append(publication, to: channel, options: append)
        } catch let refusal as ProtocolError {
            throw .refused(refusal)
        } catch {
            throw .refused(.internalError)
        }
    }

    /// `{"channel", "limit", "since", "reverse"}`; without a limit the position alone, -1 for as much as there is.
    func history(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let channel = try parameters.channel()
        guard try options(of: channel).hasLog else { throw .refused(.notAvailable) }
        let asked: Int = try parameters.value("limit") ?? 0
        let limit = asked < 0 ? Self.historyEntriesMax : min(asked, Self.historyEntriesMax)
        let since = try parameters.position("since")
        let reverse = try parameters.bool("reverse")
        guard let page = try? await read(channel, after: since?.offset, limit, reverse) else { throw .refused(.internalError) }
        guard since.map({ $0.epoch.isEmpty || $0.epoch == page.top.epoch }) ?? true else { throw .refused(.unrecoverablePosition) }
        let publications = page.entries.map {
            APIResult.Entry(
                data: $0.data, offset: $0.offset, tags: $0.tags.isEmpty ? nil : $0.tags, info: $0.info.map(APIResult.Client.init)
            )
        }
        return try Self.encode(APIResult.History(publications: publications, epoch: page.top.epoch, offset: page.top.offset))
    }

    /// A part at a time, so that no more is read than the answer may hold: one entry in any case.
    private func read(_ channel: String, after: UInt64?, _ limit: Int, _ reverse: Bool) async throws -> LogPage {
        func part(after: UInt64?, _ count: Int) async throws -> LogPage {
            try await log.read(channel: channel, after: after, limit: min(limit - count, Self.historyPageEntries), reverse: reverse)
        }
        var page = try await part(after: after, 0)
        let top = page.top
        var entries: [LogEntry] = []
        var bytes = 0
        while page.top.epoch == top.epoch, !page.entries.isEmpty {
            for entry in page.entries where entry.offset <= top.offset {
                bytes += entry.keptBytes
                guard let last = entries.last else {
                    entries.append(entry)
                    continue
                }
                // What was pruned between two reads shows in the next answer, as a gap where it begins.
                let isNext = reverse || entry.offset == last.offset + 1
                guard isNext, bytes <= Self.historyBytesMax else { return LogPage(top: top, entries: entries) }
                entries.append(entry)
            }
            guard entries.count < limit, page.entries.count == Self.historyPageEntries, let last = page.entries.last?.offset,
                reverse || last < top.offset
            else { break }
            page = try await part(after: last, entries.count)
        }
        return LogPage(top: top, entries: entries)
    }

    /// `{"channel"}`.
    func removeHistory(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let channel = try parameters.channel()
        guard try options(of: channel).hasLog else { throw .refused(.notAvailable) }
        guard (try? await channelLog.remove(channel: channel)) != nil else { throw .refused(.internalError) }
        try await order(.forgetHistory(channel: channel))
        return try Self.encode(APIResult.Empty())
    }
}
