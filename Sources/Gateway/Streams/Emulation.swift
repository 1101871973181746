import Core
import Foundation
import HTTPTypes
import Realtime
import Wire

/// `POST /emulation`: the way up for clients whose connection only leads down (SSE, HTTP stream), protocol A.9.
struct Emulation: Sendable {
    /// Why commands were not delivered.
    enum Failure: String, DomainError {
        case malformed = "emulation.malformed"
        case tooLarge = "emulation.too_large"
        case unknownSession = "emulation.unknown_session"

        var kind: ErrorKind {
            switch self {
            case .malformed: .malformed
            case .tooLarge: .tooLarge
            case .unknownSession: .notFound
            }
        }

        var detail: String {
            switch self {
            case .malformed: "The body is not session, node and commands."
            case .tooLarge: "Send fewer commands at once."
            case .unknownSession: "No such connection is open here; connect again."
            }
        }
    }

    let streams: OpenStreams
    /// The name of this process: other nodes' connections are not here.
    let node: String
    let requestBytesMax: Int

    /// - Throws: ``Failure``.
    func answer(contentType: String?, body: Data) throws -> Reply {
        guard body.count <= requestBytesMax else { throw Failure.tooLarge }
        guard let request = Self.read(contentType, body), !request.data.isEmpty else { throw Failure.malformed }
        guard request.node == node, streams.deliver(request.data, to: request.session) else { throw Failure.unknownSession }
        return Reply(status: .noContent, fields: [.cacheControl: "no-store"])
    }

    private static func read(_ contentType: String?, _ body: Data) -> EmulationRequest? {
        contentType?.lowercased().hasPrefix("application/octet-stream") == true
            ? try? EmulationRequest(protobuf: Array(body)) : try? EmulationRequest(json: Array(body))
    }
}
