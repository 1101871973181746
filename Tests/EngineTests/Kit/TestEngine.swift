import Client
import Core
import Engine
import Foundation
import ServerTesting
import Wire

/// The real engine on a free port, with a clock that tests move.
struct TestEngine: Sendable {
    static let secret = "engine-secret"
    static let apiKey = "engine-key"

    let port: Int
    let time: ManualTime
    let rest: RESTClient

    /// Starts an engine, runs the body and stops it. An error that the engine logged fails the test.
    ///
    /// - Parameter settings: members of the configuration beside port, secret and key: `"namespaces": […]`.
    @discardableResult
    static func run<Result: Sendable>(
        _ settings: String = "", _ body: @escaping @Sendable (TestEngine) async throws -> Result
    ) async throws -> Result {
        let json = """
            {"http_server": {"port": 0}, "loops": 2, "shutdown_timeout": "0s", "token_hmac_secret": "\(secret)", "api_key": "\(apiKey)"
            \(settings.isEmpty ? "" : ", " + settings)}
            """
        let configuration = try EngineConfiguration(json: Data(json.utf8))
        let time = ManualTime()
        let logs = LogLedger()
        let result = try await Engine(configuration, time: time, logger: logs.logger).serve { started in
            try await RESTClient.run(port: started.port) { rest in
                try await body(TestEngine(port: started.port, time: time, rest: rest))
            }
        }
        guard logs.errors.isEmpty else { throw TestServerError.loggedErrors(logs.errors) }
        return result
    }
}

// MARK: Clients

extension TestEngine {
    /// A token of the application's back end; the claims are the members of a JSON object.
    func token(_ claims: String, secret: String = Self.secret) -> String {
        TokenIssuer(secret: secret).token(RawJSON("{\(claims)}"))
    }

    /// Seconds since 1970, so many from now.
    func seconds(_ offset: Int64) -> Int64 { time.now.microseconds / 1_000_000 + offset }

    func connect(_ user: String, claims: String = "") async throws -> LiveConnection {
        try await connect(token: token(#""sub":"\#(user)"\#(claims.isEmpty ? "" : "," + claims)"#))
    }

    func connect(token: String) async throws -> LiveConnection {
        try await LiveConnection.connect(port: port, token: token)
    }

    /// How a connection that is not wanted ends.
    ///
    /// - Throws: what is not a refusal, an accepted connection included.
    func refusal(token: String) async throws -> ClosedConnection {
        let connection = try await LiveConnection.open(port: port)
        do {
            try await connection.begin(token: token)
        } catch let closed as ClosedConnection {
            return closed
        }
        throw WatchError.unexpected("the connection was accepted")
    }
}

extension LiveConnection {
    /// What the server tells next.
    func next() async throws -> Push {
        for try await push in pushes { return push }
        throw WatchError.ended
    }

    /// The next publication, of whatever channel.
    func nextPublication() async throws -> (channel: String, Publication) {
        let push = try await next()
        guard case .publication(let publication) = push.body else { throw WatchError.unexpected("\(push)") }
        return (push.channel, publication)
    }

    /// The data of the next publication.
    func nextData() async throws -> String { try await nextPublication().1.data.text }

    /// Subscribes with anything that a request can say.
    func subscribe(_ request: SubscribeRequest) async throws -> SubscribeResult {
        guard case .subscribe(let result) = try await call(.subscribe(request)) else { throw ClientError.unexpectedMessage }
        return result
    }

    /// The error that a command is answered with.
    func error(_ request: Command.Request) async throws -> ProtocolError? {
        do {
            _ = try await call(request)
            return nil
        } catch let error as ProtocolError {
            return error
        }
    }

    /// How the connection ended, once a command was sent.
    func ending(after request: Command.Request) async -> ClosedConnection {
        _ = try? await call(request)
        return await closed()
    }
}

// MARK: The server API

extension TestEngine {
    /// Calls a method; the answer's status and text.
    func call(
        _ method: String, _ json: String = "{}", headers: [(String, String)] = [("X-API-Key", Self.apiKey)]
    ) async throws -> (status: Int, text: String) {
        let response = try await rest.send("POST", "/api/\(method)", body: Array(json.utf8), headers: headers)
        return (response.status, response.text)
    }

    /// Calls a method that is expected to work; the text of its result.
    @discardableResult
    func api(_ method: String, _ json: String) async throws -> RawJSON {
        let answer = try await call(method, json)
        guard answer.status == 200, let result = RawJSON(answer.text).members?["result"] else {
            throw WatchError.unexpected("\(answer)")
        }
        return result
    }

    /// The code of the error that a method answers.
    func errorCode(_ method: String, _ json: String) async throws -> Int? {
        let answer = try await call(method, json)
        return try RawJSON(answer.text).members?["error"]?.members?["code"]?.decode(Int.self)
    }
}
