import Foundation
import Gateway
import HTTPTypes
import Wire

extension ServerAPI {
    /// The API's addresses.
    ///
    /// - Parameters:
    ///   - prefix: `/api`.
    ///   - client: who the header fields of a request prove to ask; nil for somebody who may not.
    public func endpoint(
        at prefix: String, client: @escaping @Sendable (HTTPFields) async -> APIClient?
    ) -> PlainEndpoint {
        PlainEndpoint(.post, "\(prefix)/{method}") { fields in
            await client(fields) == nil ? PlainAnswer(.unauthorized) : nil
        } answer: { request in
            // What let them in may have ended while the body arrived.
            guard let client = await client(request.fields) else { return PlainAnswer(.unauthorized) }
            var api = self
            api.client = client
            return await api.answer(request)
        }
    }

    /// The addresses of an engine that has no operations of its own.
    ///
    /// - Parameter admits: whether the header fields of a request prove that it may be made.
    func endpoint(at prefix: String, admits: @escaping @Sendable (HTTPFields) -> Bool) -> PlainEndpoint {
        endpoint(at: prefix) { fields in admits(fields) ? .withoutOperations : nil }
    }

    private func answer(_ request: PlainRequest) async -> PlainAnswer {
        let method = request.parameters["method"] ?? ""
        guard Self.hasMethod(method) else { return PlainAnswer(.notFound) }
        // A request without parameters may have no body.
        let json = request.body.isEmpty ? RawJSON("{}") : RawJSON(bytes: Array(request.body))
        do throws(APIFailure) {
            let answer = method == Self.batchMethod ? try await batch(json) : try await self.answer(method, json, under: "result")
            return PlainAnswer(.ok, json: answer.bytes)
        } catch {
            return PlainAnswer(.badRequest)
        }
    }

    /// `{"commands": [{"publish": {…}}, …]}`, carried out one after the other; each reply stands under its method's name, or is an error. Once the
    /// replies are too long together, the rest is refused and not carried out.
    private func batch(_ json: RawJSON) async throws(APIFailure) -> RawJSON {
        guard let commands = try APIParameters(json).list("commands") else { throw .malformed }
        guard commands.count <= Self.batchCommandsMax else { return try Self.encode(APIResult.Failure(.limitExceeded)) }
        var replies: [RawJSON] = []
        var bytes = 0
        for (number, command) in commands.enumerated() {
            guard let members = command.members, members.count == 1, let (method, request) = members.first else { throw .malformed }
            let isFull = bytes >= Self.batchBytesMax
            let reply = isFull ? try Self.encode(APIResult.Failure(.limitExceeded)) : try await answer(method, request, under: method)
            bytes += reply.bytes.count
            replies.append(reply)
            await Self.giveWay(after: number + 1)
        }
        return try Self.encode(APIResult.Batch(replies: replies))
    }
}
