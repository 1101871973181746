import CPostgreSQL

/// A statement that a connection knows under a name, or will know after its first run; confined to the thread of the connection.
final class PostgreSQLStatement {
    let name: String
    let text: String
    let types: [Oid]
    let kind: StatementKind
    var isPrepared = false
    var columns: Row.Columns?

    init(name: String, text: String, types: [Oid]) {
        self.name = name
        self.text = text
        self.types = types
        kind = StatementKind(text)
    }
}
