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
            case .unknownSession: "No such connection is open; connect again."
            }
        }
    }

    let streams: OpenStreams
    /// The name of this process.
    let node: String
    /// Leads to the connections of other nodes.
    let bus: (any ClusterBus)?
    let requestBytesMax: Int

    /// - Throws: ``Failure``.
    func answer(contentType: String?, body: Data) async throws -> Reply {
        guard body.count <= requestBytesMax else { throw Failure.tooLarge }
        guard let request = Self.read(contentType, body), !request.data.isEmpty else { throw Failure.malformed }
        guard await deliver(request) else { throw Failure.unknownSession }
        return Reply(status: .noContent, fields: [.cacheControl: "no-store"])
    }

    private func deliver(_ request: EmulationRequest) async -> Bool {
        if request.node == node { return streams.deliver(request.data, to: request.session) }
        guard request.node.utf8.count <= Self.nodeBytesMax else { return false }
        return await bus?.pass(request.data, to: request.session, on: request.node) ?? false
    }

    /// A node's name is a UUID, unless an operator has given it another.
    private static let nodeBytesMax = 64

    private static func read(_ contentType: String?, _ body: Data) -> EmulationRequest? {
        contentType?.lowercased().hasPrefix("application/octet-stream") == true
            ? try? EmulationRequest(protobuf: Array(body)) : try? EmulationRequest(json: Array(body))
    }
}
