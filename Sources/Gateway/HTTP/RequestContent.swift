import Core
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Reads the body of a request.
struct RequestContent {
    /// The largest body that is accepted.
    let bytesMax: Int
    /// A body that is too large is read on up to here and thrown away, so that the client gets to read the refusal: a connection that is
    /// closed on unread bytes is reset, and the answer is lost with it.
    private var discardedBytesMax: Int { 8 * bytesMax }

    /// The connection can't be used any further, since the rest of the body would be taken for a request.
    struct Refused: Error {
        let reason: RequestError
    }

    /// The client went away, or what it sends is no HTTP.
    struct Aborted: Error {
        let underlying: any Error
    }

    /// - Parameter accepts: tells which `Content-Type` may be read.
    /// - Throws: ``RequestError``, ``Refused``, ``Aborted``.
    func read(
        _ request: Request, _ writer: borrowing ResponseWriter, accepts: (String?) -> Bool = Self.isJSON
    ) async throws -> Data {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if declared == 0 { return Data() }
        if let declared, declared > bytesMax, declared > discardedBytesMax || Self.expectsContinue(request) {
            throw Refused(reason: .bodyTooLarge)
        }
        if let declared, declared > 0, !accepts(request.headers[.contentType]), Self.expectsContinue(request) {
            throw Refused(reason: .unsupportedMediaType)
        }
        let body = try await collect(request, writer, declared)
        guard !body.isEmpty else { return body }
        guard accepts(request.headers[.contentType]) else { throw RequestError.unsupportedMediaType }
        return body
    }

    private func collect(_ request: Request, _ writer: borrowing ResponseWriter, _ declared: Int?) async throws -> Data {
        var body = Data()
        var count = 0
        do {
            if Self.expectsContinue(request) { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
            for try await part in request.body {
                count += part.readableBytes
                if count <= bytesMax {
                    body.append(contentsOf: part.readableBytesView)
                    // The end of the message need not be awaited: nothing more can belong to it.
                    if count == declared { return body }
                } else {
                    body = Data()
                    guard count <= discardedBytesMax else { throw Refused(reason: .bodyTooLarge) }
                }
            }
        } catch let error as Refused {
            throw error
        } catch is RequestDeadlineHandler.Expired {
            throw Refused(reason: .timeout)
        } catch {
            throw Aborted(underlying: error)
        }
        guard count <= bytesMax else { throw RequestError.bodyTooLarge }
        return body
    }

    private static func expectsContinue(_ request: Request) -> Bool {
        request.headers[.expect]?.lowercased() == "100-continue"
    }

    /// `application/json` or `application/<something>+json`, with any parameters.
    static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        if contentType == "application/json" { return true }
        let type = contentType.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json") && !type.contains(","))
    }
}
