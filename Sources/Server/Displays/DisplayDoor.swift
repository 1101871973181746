import Core
import Foundation
import Gateway
import HTTPTypes
import Logging
import Rooms
import Wire

/// Serves the display at a meeting room's door: a page without anything in it, the same for every room, and what it shows to whoever has the
/// room's secret.
struct DisplayDoor: Sendable {
    let displays: RoomDisplays
    let logger: Logger

    var endpoints: [PlainEndpoint] {
        [
            PlainEndpoint(.get, "/rooms/{id}/display", refusal: { _ in nil }, answer: { _ in Self.page }),
            PlainEndpoint(.get, "/display/display.js", refusal: { _ in nil }, answer: { _ in Self.script }),
            PlainEndpoint(.get, "/display/display.css", refusal: { _ in nil }, answer: { _ in Self.style }),
            PlainEndpoint(.get, "/display/view", refusal: { _ in nil }, answer: { await view($0) }),
        ]
    }

    private static let page = file(DisplayPage.html, "text/html; charset=utf-8")
    private static let script = file(DisplayPage.script, "text/javascript; charset=utf-8")
    private static let style = file(DisplayPage.style, "text/css; charset=utf-8")

    private static func file(_ text: String, _ contentType: String) -> PlainAnswer {
        var fields: HTTPFields = [
            .contentType: contentType, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff", .contentSecurityPolicy: policy,
        ]
        if let referrerPolicy = HTTPField.Name("Referrer-Policy") { fields[referrerPolicy] = "no-referrer" }
        return PlainAnswer(.ok, fields: fields, body: Array(text.utf8))
    }

    /// Nothing but our own files runs, and nothing is told to anybody else.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """

    private static let scheme = "bearer "

    private func view(_ request: PlainRequest) async -> PlainAnswer {
        let authorization = request.fields[.authorization] ?? ""
        guard authorization.lowercased().hasPrefix(Self.scheme) else {
            return PlainAnswer(.unauthorized, fields: [.cacheControl: "no-store", .wwwAuthenticate: "Bearer"])
        }
        do {
            let secret = authorization.dropFirst(Self.scheme.count).trimmingCharacters(in: .whitespaces)
            guard let view = try await displays.view(secret) else { return PlainAnswer(.notFound) }
            return PlainAnswer(.ok, json: try JSONByteEncoder().encode(view))
        } catch {
            return .failure(error, "a display can't be read", retryAfter: 5, logger)
        }
    }
}
