/// What a statement does to the rows, as far as its words tell.
enum StatementKind {
    case reads
    /// Changes rows.
    case writes
    /// Neither; it could end the transaction that others share.
    case other

    private static let writing: Set<String> = ["INSERT", "UPDATE", "DELETE"]

    init(_ text: String) {
        let keyword = text.drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased()
        switch keyword {
        case "SELECT", "VALUES": self = .reads
        case "WITH": self = text.split { !$0.isLetter }.contains { Self.writing.contains($0.uppercased()) } ? .writes : .reads
        default: self = Self.writing.contains(keyword) ? .writes : .other
        }
    }
}
