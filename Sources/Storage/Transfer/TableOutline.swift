/// A table as both engines have it.
struct TableOutline: Hashable, Sendable {
    /// Each database says by itself how its schema came about.
    static let own = "migration"
    /// Has its row from the beginning on, whatever else is empty.
    static let epoch = "epoch"

    let name: String
    /// In the order in which values cross.
    let columns: [String]
    /// Other tables that its rows refer to.
    let references: Set<String>
}

extension [TableOutline] {
    /// What is referred to comes before what refers to it. Rows that refer to others of their own table are no matter: a table is written as a
    /// whole, and foreign keys are looked at afterwards.
    ///
    /// - Throws: ``TransferError/unknownShape(table:)``.
    func inOrderOfReference() throws -> [TableOutline] {
        var ordered: [TableOutline] = []
        var written: Set<String> = []
        var left = self
        while let first = left.first {
            let ready = left.filter { $0.references.isSubset(of: written) }
            guard !ready.isEmpty else { throw TransferError.unknownShape(table: first.name) }
            ordered += ready
            written.formUnion(ready.map(\.name))
            left.removeAll { written.contains($0.name) }
        }
        return ordered
    }
}

extension String {
    /// As an identifier in SQL, on both engines. Names of tables and columns come from the schema, which no value can be bound to.
    var quotedIdentifier: String { "\"" + replacing("\"", with: "\"\"") + "\"" }
}
