import Core
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

/// Answers HTTP requests: finds the route, proves the caller, calls the endpoint, and puts whatever comes of it into an answer.
///
/// It sits directly on Hummingbird's connection handling. There is no chain of middlewares, since everything here happens to every
/// request in one order, and a chain costs allocations per link.
struct HTTPResponder: Sendable {
    let routes: RouteTable
    let api: API
    let authenticator: any Authenticator
    let content: RequestContent
    let crossOrigin: CrossOrigin
    let trustedProxies: TrustedProxies
    let requestIDs: RequestIDs
    let date: DateField
    let time: any TimeSource
    let log: RequestLog
    let metrics: RequestMetrics

    /// Ends the connection after an answer that leaves part of a request unread.
    private struct ConnectionEnds: Error {}

    /// - Throws: to end the connection.
    func respond(to request: Request, with writer: consuming ResponseWriter, on channel: any Channel) async throws {
        let start = ContinuousClock.now
        var exchange = Exchange(requestID: requestIDs.id(proposed: request.headers[.xRequestID]))
        var reply: Reply
        var endsConnection = false
        do {
            reply = try await answer(request, writer, channel, &exchange)
        } catch let aborted as RequestContent.Aborted {
            log.aborted(exchange)
            throw aborted.underlying
        } catch let refused as RequestContent.Refused {
            endsConnection = true
            reply = try refusal(refused.reason, request, exchange)
            reply.add(.connection, "close")
        } catch is CancellationError {
            log.aborted(exchange)
            throw CancellationError()
        } catch let error as any DomainError {
            if let detail = error.operatorDetail { log.failed(exchange, error, detail) }
            reply = try refusal(error, request, exchange)
        } catch {
            log.failed(exchange, error, "\(error)")
            reply = try self.reply(.internalError(requestID: exchange.requestID), on: surface(of: request, exchange), to: request)
        }
        finish(&reply, request, exchange)
        try await send(reply, to: request, with: writer)
        let duration = ContinuousClock.now - start
        log.answered(exchange, method: request.method, status: reply.status.code, took: duration)
        metrics.answered(exchange.route, method: request.method, status: reply.status.code, took: duration)
        if endsConnection { throw ConnectionEnds() }
    }

    private func answer(
        _ request: Request, _ writer: borrowing ResponseWriter, _ channel: any Channel, _ exchange: inout Exchange
    ) async throws -> Reply {
        let target = RequestTarget(request)
        switch routes.match(request.method, target.path) {
        case .notFound: throw RequestError.routeNotFound
        case .methodNotAllowed(let methods):
            if request.method == .options { return crossOrigin.preflight(request.headers, allowed: methods) }
            var reply = try refusal(RequestError.methodNotAllowed, request, exchange)
            reply.add(.allow, methods.map(\.rawValue).joined(separator: ", "))
            return reply
        case .route(let route, let parameters):
            exchange.route = route
            switch route.target {
            case .page(let page): return try page()
            case .metrics(let page): return try await page.answer(request.headers, to: channel.remoteAddress)
            case .stream: throw RequestError.methodNotAllowed
            case .message(let answer):
                let body = try await content.read(request, writer) { _ in true }
                return try await answer(request.headers[.contentType], body)
            case .plain(let endpoint):
                if let refusal = await endpoint.refusal(request.headers) { return refusal.reply }
                let body = try await content.read(request, writer) { _ in true }
                return await endpoint.answer(PlainRequest(parameters: parameters, fields: request.headers, body: body)).reply
            case .endpoint(let endpoint):
                let query = try target.query()
                let caller = try await authenticator.caller(of: request.headers)
                exchange.caller = caller
                let hasBody = request.method != .get && request.method != .head
                let body = hasBody ? try await content.read(request, writer) : Data()
                let answer = try await endpoint.call(
                    RequestInput(path: parameters, query: query, body: body),
                    CallDetails(
                        caller: caller, transport: .http, requestID: exchange.requestID,
                        idempotencyKey: request.headers[.idempotencyKey],
                        precondition: request.headers[.ifMatch].map(Precondition.init(ifMatch:)),
                        remoteAddress: trustedProxies.client(
                            of: channel.remoteAddress, forwarded: request.headers[values: .xForwardedFor])
                    )
                )
                return reply(answer, endpoint, to: request, route, parameters)
            }
        }
    }

    private func reply(
        _ answer: EndpointAnswer, _ endpoint: RegisteredEndpoint, to request: Request, _ route: Route, _ parameters: [String: String]
    ) -> Reply {
        var reply = wrapped(answer, endpoint.surface.envelope, for: request)
        if reply.status == .created, let location = answer.location { reply.add(.location, endpoint.base + location) }
        if let version = answer.version { reply.add(.eTag, Precondition.tag(version)) }
        if let next = answer.next { reply.add(.link, "<?\(next)>; rel=\"next\"") }
        if answer.isReplay { reply.add(.idempotentReplayed, "true") }
        if let successor = route.successor {
            reply.add(.deprecation, "@\(Deprecations.aliasesSince)")
            if let path = successor.filled(with: parameters) { reply.add(.link, "<\(path)>; rel=\"successor-version\"") }
        }
        return reply
    }

    /// A status without a body has none, unless the client would rather have the surface's envelope around nothing.
    private func wrapped(_ answer: EndpointAnswer, _ envelope: any Envelope, for request: Request) -> Reply {
        let status = HTTPResponse.Status(code: answer.status)
        if let body = answer.body, let json = envelope.wrap(body, at: time.now) { return Reply(status: status, json: json) }
        guard PreferField.asksForRepresentation(request.headers), let json = envelope.wrap(nil, at: time.now) else {
            return Reply(status: status, fields: [.cacheControl: "no-store"])
        }
        var reply = Reply(status: .ok, json: json)
        reply.add(.preferenceApplied, PreferField.representation)
        return reply
    }

    private func refusal(_ error: any DomainError, _ request: Request, _ exchange: Exchange) throws -> Reply {
        let surface = surface(of: request, exchange)
        var reply = try self.reply(Problem(error, requestID: exchange.requestID, on: surface), on: surface, to: request)
        if reply.status == .unauthorized { reply.fields.append(Challenge.field(for: error)) }
        if let milliseconds = error.retryAfterMilliseconds { reply.add(.retryAfter, "\((milliseconds + 999) / 1_000)") }
        return reply
    }

    private func reply(_ problem: Problem, on surface: Surface, to request: Request) throws -> Reply {
        guard !AcceptField.prefersProblems(request.headers), let json = try surface.envelope.refusal(problem, at: time.now) else {
            return try Reply(problem: problem)
        }
        return Reply(status: HTTPResponse.Status(code: problem.status), json: json)
    }

    /// What went wrong before a route was found has the shape of its neighbourhood.
    private func surface(of request: Request, _ exchange: Exchange) -> Surface {
        if case .endpoint(let endpoint) = exchange.route?.target { return endpoint.surface }
        return api.surface(at: RequestTarget(request).path)
    }

    private func finish(_ reply: inout Reply, _ request: Request, _ exchange: Exchange) {
        crossOrigin.admit(request.headers, to: &reply)
        reply.add(.xRequestID, exchange.requestID)
        reply.add(.date, date.text)
        reply.add(.server, "Ringside")
    }

    private func send(_ reply: Reply, to request: Request, with writer: consuming ResponseWriter) async throws {
        var fields = reply.fields
        guard let body = reply.body else {
            if reply.status != .noContent { fields.append(HTTPField(name: .contentLength, value: "0")) }
            return try await writer.writeResponse(HTTPResponse(status: reply.status, headerFields: fields))
        }
        fields.append(HTTPField(name: .contentLength, value: String(body.readableBytes)))
        let head = HTTPResponse(status: reply.status, headerFields: fields)
        guard request.method != .head else { return try await writer.writeResponse(head) }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
    }
}

/// When addresses were given up.
enum Deprecations {
    /// The unversioned addresses of the original documents, deprecated from the first release on: 2026-01-01T00:00:00Z (RFC 9745).
    static let aliasesSince = 1_767_225_600
}
