import Crypto
import Foundation

/// What a table holds, in one number that is the same on both engines.
///
/// Each row has a SHA-256 over its values in one canonical form, and the digests are added up: neither engine has to sort, and, unlike with an
/// exclusive or, two rows that are alike do not cancel each other.
struct TableDigest: Equatable {
    private(set) var rows = 0
    private var sum: [UInt64] = [0, 0, 0, 0]
    private var form: [UInt8] = []

    static func == (left: Self, right: Self) -> Bool { left.rows == right.rows && left.sum == right.sum }

    mutating func add(_ row: [SQLValue]) {
        form.removeAll(keepingCapacity: true)
        for value in row { append(value) }
        rows += 1
        SHA256.hash(data: form).withUnsafeBytes { digest in
            for index in 0..<sum.count { sum[index] &+= digest.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) }
        }
    }

    /// A letter for the kind, and the value; a length where there is none by itself, so that no value can run into the next.
    private mutating func append(_ value: SQLValue) {
        switch value {
        case .null: form.append(UInt8(ascii: "n"))
        case .integer(let integer): append("i", UInt64(bitPattern: integer))
        // SQLite knows one zero.
        case .real(let real): append("r", (real + 0).bitPattern)
        case .text(let text): append("t", text.utf8)
        case .utf8(let bytes): append("t", bytes)
        case .blob(let bytes): append("b", bytes)
        }
    }

    private mutating func append(_ kind: Unicode.Scalar, _ bytes: some Collection<UInt8>) {
        append(kind, UInt64(bytes.count))
        form.append(contentsOf: bytes)
    }

    private mutating func append(_ kind: Unicode.Scalar, _ number: UInt64) {
        form.append(UInt8(ascii: kind))
        withUnsafeBytes(of: number.bigEndian) { form.append(contentsOf: $0) }
    }
}
