import CPostgreSQL
import Foundation
import Synchronization

/// A PostgreSQL database of one test, on the server that `RINGSIDE_TEST_DATABASE` names; unset, tests run on SQLite.
public struct ScratchDatabase: Sendable {
    /// The URL of somebody who may create databases; nil for tests on SQLite.
    public static let server = ProcessInfo.processInfo.environment["RINGSIDE_TEST_DATABASE"]

    private static let templates = Mutex<[String: String]>([:])

    public let url: String
    private let name: String
    private let server: String

    /// - Parameters:
    ///   - server: where it shall be.
    ///   - template: the database that it is a copy of, to which nobody is connected; nil for an empty one.
    public init(on server: String, copying template: String? = nil) throws {
        name = "ringside_test_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        self.server = server
        url = try Self.url(of: name, on: server)
        // Copying page by page asks for no checkpoint, which would cost more than a test.
        try Self.execute("CREATE DATABASE \(name)" + (template.map { " TEMPLATE \($0)" } ?? ""), on: server)
    }

    /// A copy of a database that is prepared once for all tests of the process that ask for it by this name.
    ///
    /// - Parameter prepare: opens the database with the URL, fills it and closes it.
    public init(on server: String, copying template: String, prepare: (_ url: String) throws -> Void) throws {
        let prepared = try Self.templates.withLock { templates in
            if let name = templates[template] { return name }
            let made = try ScratchDatabase(on: server)
            try prepare(made.url)
            templates[template] = made.name
            return made.name
        }
        try self.init(on: server, copying: prepared)
    }

    /// Ends every connection to it, too.
    public func remove() {
        try? Self.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", on: server)
    }

    /// Runs statements in it.
    public func execute(_ statements: String) throws {
        try Self.execute(statements, on: url)
    }

    private static func url(of name: String, on server: String) throws -> String {
        guard var components = URLComponents(string: server) else { throw ScratchDatabaseError(message: "the server's URL is none") }
        components.path = "/\(name)"
        return components.string ?? server
    }

    private static func execute(_ statements: String, on url: String) throws {
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        guard PQstatus(connection) == CONNECTION_OK else { throw ScratchDatabaseError(connection) }
        let result = PQexec(connection, statements)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else { throw ScratchDatabaseError(connection) }
    }
}

/// Why there is no database for the test.
public struct ScratchDatabaseError: Error {
    public let message: String

    public init(message: String) { self.message = message }

    init(_ connection: OpaquePointer?) {
        message = PQerrorMessage(connection).map { String(cString: $0) } ?? "no connection"
    }
}
