import Client
import Wire

/// An event and its place in its channel, by which two accounts of the same channel are compared.
struct LoggedEvent: Hashable, Sendable {
    let offset: UInt64
    let id: String

    /// - Throws: `DecodingError` where the publication is no event.
    init(_ publication: Publication) throws {
        offset = publication.offset
        id = try publication.head().id
    }
}

extension LiveConnection {
    /// Everything that the log keeps of a channel that this connection watches, oldest first, page by page.
    func log(of channel: String) async throws -> [Publication] {
        var read: [Publication] = []
        while true {
            let page = try await history(channel, limit: 100, since: StreamPosition(epoch: "", offset: read.last?.offset ?? 0))
            read += page.publications
            if page.publications.isEmpty { return read }
        }
    }
}
