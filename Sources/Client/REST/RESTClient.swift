import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Wire

/// Asks a server over HTTP/1.1 with keep-alive, in the name of one token.
///
/// A value: ``with(token:)`` makes one for somebody else over the same connections, which stand for as long as the body of
/// ``run(host:port:token:connectionsMax:tls:_:)`` takes.
public struct RESTClient: Sendable {
    /// The largest answer that is read; a larger one fails the request.
    public static let answerBytesMax = 32 << 20

    /// `http://127.0.0.1:8080`, without a slash at the end.
    public let baseURL: String
    /// The access token that is sent as `Authorization: Bearer`; nil asks as nobody.
    public let token: String?
    private let transport: HTTPClient

    /// Makes one, runs the body and ends its connections however that ends: a client that is let go of with its connections open ends the
    /// process.
    ///
    /// - Parameters:
    ///   - connectionsMax: the most connections that are kept open; requests beyond it wait for one of them.
    ///   - tls: encrypts the connections; nil speaks plainly.
    /// - Throws: what the body throws.
    public static func run<Result>(
        host: String = "127.0.0.1", port: Int, token: String? = nil, connectionsMax: Int = 64, tls: ClientTLS? = nil,
        _ body: (RESTClient) async throws -> Result
    ) async throws -> Result {
        let client = RESTClient(host: host, port: port, token: token, connectionsMax: connectionsMax, tls: tls)
        do {
            let result = try await body(client)
            try await client.transport.shutdown()
            return result
        } catch {
            try? await client.transport.shutdown()
            throw error
        }
    }

    private init(host: String, port: Int, token: String?, connectionsMax: Int, tls: ClientTLS?) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsMax
        configuration.httpVersion = .http1Only
        configuration.tlsConfiguration = tls?.configuration
        self.init(
            baseURL: "\(tls == nil ? "http" : "https")://\(host):\(port)",
            token: token,
            transport: HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        )
    }

    private init(baseURL: String, token: String?, transport: HTTPClient) {
        self.baseURL = baseURL
        self.token = token
        self.transport = transport
    }

    /// The same connections in the name of somebody else; nil asks as nobody.
    public func with(token: String?) -> RESTClient {
        RESTClient(baseURL: baseURL, token: token, transport: transport)
    }

    /// Sends one request. Any status is an answer; see ``RESTResponse/success()``.
    ///
    /// - Parameter path: begins with a slash and is percent-encoded.
    /// - Throws: `HTTPClientError` and errors of the socket where there is no answer within `timeLimit`.
    public func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [(String, String)] = [], timeLimit: TimeAmount = .seconds(60)
    ) async throws -> RESTResponse {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await transport.execute(request, timeout: timeLimit)
        let bytes = try await response.body.collect(upTo: Self.answerBytesMax)
        return RESTResponse(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }, body: Array(buffer: bytes))
    }
}
