import CPostgreSQL

/// What a PostgreSQL server said of a statement. Names of tables and constraints go on, values never: the server's detail, which holds some, is
/// not even read.
struct PostgreSQLFailure: Error {
    /// Five characters (PostgreSQL documentation, appendix A).
    let state: String
    let message: String
    let table: String
    let column: String
    let constraint: String

    /// - Parameter result: a result of libpq that is an error.
    init(_ result: OpaquePointer) {
        func field(_ code: Int32) -> String { PQresultErrorField(result, code).map { String(cString: $0) } ?? "" }
        state = field(Int32(UInt8(ascii: "C")))
        message = field(Int32(UInt8(ascii: "M")))
        table = field(Int32(UInt8(ascii: "t")))
        column = field(Int32(UInt8(ascii: "c")))
        constraint = field(Int32(UInt8(ascii: "n")))
    }

    /// The server has closed the connection with it, or is about to: it shuts down, it starts, a session was idle for too long.
    var endsConnection: Bool { state.hasPrefix("08") || ["57P01", "57P02", "57P03", "57P05", "25P03"].contains(state) }

    /// The statement was stopped: by its own time limit, or because somebody has asked for it.
    var isCancellation: Bool { state == "57014" }

    /// Nothing is wrong with the transaction, others came in its way: a deadlock, a serialisation failure, a lock that took too long, or a
    /// table whose columns have changed since the statement was prepared.
    var isPassing: Bool {
        ["40P01", "40001", "55P03"].contains(state) || state == "0A000" && message.hasPrefix("cached plan")
    }
}

/// A connection is of no use any more.
struct ConnectionLost: Error {
    let reason: String
}

extension StorageError {
    /// Turns whatever a connection throws into what callers outside of the engine know.
    ///
    /// - Throws: ``StorageError`` for the engine's own errors, and the others as they are.
    static func translating<Result>(_ catalogue: ConstraintCatalogue, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let loss as ConnectionLost {
            throw StorageError.unavailable(loss.reason)
        } catch let failure as PostgreSQLFailure {
            throw StorageError(failure, catalogue)
        } catch let fault as PostgreSQLFault {
            throw fault.told
        }
    }

    /// Turns PostgreSQL's states into ours.
    ///
    /// - Parameter catalogue: knows which columns a constraint is about.
    init(_ failure: PostgreSQLFailure, _ catalogue: ConstraintCatalogue) {
        switch failure.state {
        case "23505": self = .unique(catalogue.columns(of: failure.constraint) ?? failure.constraint)
        case "23P01": self = .unique(failure.constraint)
        case "23503": self = .foreignKey
        case "23514": self = .check(failure.constraint)
        case "23502": self = .notNull("\(failure.table).\(failure.column)")
        case "P0001": self = .refused(failure.message)
        // The message repeats the value that is wrong.
        case let state where state.hasPrefix("22"): self = .statement("a value is not what its place takes (PostgreSQL \(state))")
        // Wrong words, no right to do it: a fault of the program or of the installation.
        case let state where ["0A", "21", "2B", "39", "42", "44"].contains(state.prefix(2)):
            self = .statement(failure.message)
        default: self = .unavailable("PostgreSQL \(failure.state): \(failure.message)")
        }
    }
}
