import Core
import Crypto
import Foundation
import Gateway
import HTTPTypes
import Logging
import Rooms

/// Serves calendars at their secret addresses.
struct FeedDoor: Sendable {
    let feeds: CalendarFeeds
    let logger: Logger

    var endpoint: PlainEndpoint {
        PlainEndpoint(.get, "\(CalendarFeeds.path)/{file}", refusal: { _ in nil }, answer: { await answer($0) })
    }

    private func answer(_ request: PlainRequest) async -> PlainAnswer {
        do {
            guard let document = try await feeds.read(request.parameters["file"] ?? "") else { return PlainAnswer(.notFound) }
            let tag = "\"" + Array(SHA256.hash(data: document.bytes)).prefix(16).hexadecimal + "\""
            // The address is a secret: no cache that others read may keep it, and no page it is opened from hears of it.
            var fields: HTTPFields = [
                .cacheControl: "private, no-cache", .eTag: tag, .lastModified: HTTPDate.text(of: document.changedAt),
                .xContentTypeOptions: "nosniff",
            ]
            let known = request.fields[.ifNoneMatch]?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
            if known.contains(where: { $0 == "*" || $0 == tag || $0 == "W/\(tag)" }) { return PlainAnswer(.notModified, fields: fields) }
            fields[.contentType] = CalendarFeeds.mediaType
            return PlainAnswer(.ok, fields: fields, body: document.bytes)
        } catch {
            return .failure(error, "a calendar can't be read", retryAfter: 60, logger)
        }
    }
}
