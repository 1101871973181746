/// Text in comma-separated values (RFC 4180) with a header line: fields may be quoted, a quote inside is doubled, lines end in LF or CRLF.
public struct CSV: Hashable, Sendable {
    /// Why a text is no table; lines count from 1.
    public enum Failure: Error, Hashable, Sendable {
        case unterminatedQuote(line: Int)
        case textAfterQuote(line: Int)
        case wrongFieldCount(line: Int)
        case missingColumn(String)
        case noHeader
    }

    public let header: [String]
    /// All as long as the header.
    public let rows: [[String]]

    /// - Throws: ``Failure``.
    public init(_ text: String) throws {
        var scanner = Scanner(text)
        var lines = try scanner.records()
        guard !lines.isEmpty else { throw Failure.noHeader }
        header = lines.removeFirst().fields
        let width = header.count
        if let odd = lines.first(where: { $0.fields.count != width }) { throw Failure.wrongFieldCount(line: odd.line) }
        rows = lines.map(\.fields)
    }

    /// Where a column stands in each row.
    ///
    /// - Throws: ``Failure/missingColumn(_:)``.
    public func column(_ name: String) throws -> Int {
        guard let index = header.firstIndex(of: name) else { throw Failure.missingColumn(name) }
        return index
    }
}

extension CSV {
    private struct Record {
        let line: Int
        var fields: [String]
    }

    private struct Scanner {
        private var rest: Substring.UnicodeScalarView
        private var line = 1

        init(_ text: String) { rest = text.unicodeScalars[...] }

        mutating func records() throws -> [Record] {
            var records: [Record] = []
            while !rest.isEmpty {
                let first = line
                var fields = [try field()]
                while skip(",") { fields.append(try field()) }
                if !endOfLine() { throw Failure.textAfterQuote(line: line) }
                // An empty line is no record of one empty field.
                if fields != [""] { records.append(Record(line: first, fields: fields)) }
            }
            return records
        }

        private mutating func field() throws -> String {
            skip("\"") ? try quoted() : bare()
        }

        private mutating func bare() -> String {
            let field = rest.prefix { $0 != "," && $0 != "\n" && $0 != "\r" }
            rest = rest[field.endIndex...]
            return String(field)
        }

        private mutating func quoted() throws -> String {
            let first = line
            var field = String.UnicodeScalarView()
            while let scalar = rest.popFirst() {
                if scalar == "\"" {
                    guard skip("\"") else { return String(field) }
                }
                if scalar == "\n" { line += 1 }
                field.append(scalar)
            }
            throw Failure.unterminatedQuote(line: first)
        }

        private mutating func endOfLine() -> Bool {
            _ = skip("\r")
            guard skip("\n") else { return rest.isEmpty }
            line += 1
            return true
        }

        private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard rest.first == scalar else { return false }
            rest.removeFirst()
            return true
        }
    }
}
