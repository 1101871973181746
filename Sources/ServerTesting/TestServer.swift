import Accounts
import Client
import Core
import Foundation
import Logging
import Server
import Wire

/// The real server on a free port, with a database of its own in a temporary directory and a clock that tests move.
public struct TestServer: Sendable {
    public static let adminName = "root"
    public static let adminPassword = "Ringside-2026"

    public let port: Int
    /// The meeting rooms' own; nil where a test has turned it off.
    public let roomsPort: Int?
    public let time: ManualTime
    public let logs: LogLedger
    /// A client that speaks for nobody.
    public let rest: RESTClient
    /// The superadmin.
    public let admin: TestUser

    /// Starts a server, runs the body and stops it. An error that the server logged fails the test.
    ///
    /// - Parameters:
    ///   - directory: where the database lies, to be kept for another run; a temporary one by default.
    ///   - adjust: changes the configuration before the start.
    @discardableResult
    public static func run<Result: Sendable>(
        in directory: TestDirectory? = nil, time: ManualTime = ManualTime(), adjust: @Sendable (inout Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        let own = try directory ?? TestDirectory()
        defer { if directory == nil { own.remove() } }
        let logs = LogLedger()
        var configuration = try Configuration(
            ServeOptions(port: "0", roomsPort: "0", database: own.databaseURL, loops: "2", logLevel: "debug"),
            environment: [
                "RINGSIDE_ADMIN_USERNAME": adminName, "RINGSIDE_ADMIN_PASSWORD": adminPassword, "RINGSIDE_DRAIN_SECONDS": "0",
            ]
        )
        configuration.passwordCost = .minimal
        adjust(&configuration)
        let result = try await Server(configuration, time: time, logger: logs.logger).serve { started in
            try await serve(started, time, logs, body)
        }
        guard logs.errors.isEmpty else { throw TestServerError.loggedErrors(logs.errors) }
        return result
    }

    private static func serve<Result: Sendable>(
        _ started: Server.Started, _ time: ManualTime, _ logs: LogLedger, _ body: @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        try await RESTClient.run(port: started.port, connectionsMax: 256) { rest in
            let admin = try await signIn(adminName, adminPassword, rest, started.port)
            return try await body(
                TestServer(port: started.port, roomsPort: started.roomsPort, time: time, logs: logs, rest: rest, admin: admin)
            )
        }
    }

    fileprivate static func signIn(_ username: String, _ password: String, _ rest: RESTClient, _ port: Int) async throws -> TestUser {
        let signIn = try await rest.login(username: username, password: password)
        let own = rest.with(token: signIn.accessToken)
        return TestUser(id: try await own.me().id, username: username, signIn: signIn, rest: own, port: port)
    }
}

extension TestServer {
    public static let memberPassword = "Member-pass-1"

    /// Signs in once more: another session of somebody who exists.
    public func signIn(_ username: String, password: String = memberPassword) async throws -> TestUser {
        try await Self.signIn(username, password, rest, port)
    }

    /// Registers somebody and signs in.
    public func member(_ username: String) async throws -> TestUser {
        try await rest.post(
            "/api/v1/users/register",
            body: ["username": username, "email": "\(username)@example.org", "password": Self.memberPassword]
        ).success()
        return try await signIn(username)
    }

    /// Registers several and signs them in.
    public func members(_ usernames: String...) async throws -> [TestUser] {
        var members: [TestUser] = []
        for username in usernames { members.append(try await member(username)) }
        return members
    }

    /// Somebody with a role other than employee.
    public func member(_ username: String, role: Role, places: [String] = []) async throws -> TestUser {
        let member = try await member(username)
        struct Change: Encodable {
            let role: Role
            let places: [String]
        }
        try await admin.rest.put("/api/v1/users/\(member.id)", body: Change(role: role, places: places)).success()
        return try await signIn(username)
    }
}

/// Why a test server was of no use.
public enum TestServerError: Error {
    case loggedErrors([String])
}
