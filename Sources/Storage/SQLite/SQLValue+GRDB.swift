import Core
import Foundation
import GRDB

extension SQLValue {
    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let real): self = .real(real)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob(Array(data))
        }
    }

    /// - Throws: `ValidationError` for text with NUL: SQLite would silently cut it there, PostgreSQL refuses it.
    func databaseValue() throws -> DatabaseValue {
        switch self {
        case .null: return .null
        case .integer(let integer): return integer.databaseValue
        case .real(let real): return real.databaseValue
        case .text(let text):
            guard !text.utf8.contains(0) else {
                throw ValidationError([FieldFailure(pointer: "", code: "pattern", detail: "Text may not hold the character U+0000.")])
            }
            return text.databaseValue
        case .blob(let bytes): return Data(bytes).databaseValue
        }
    }
}
