import Core
import Foundation

/// The rules of a name to sign in with.
enum Username {
    /// In Unicode scalars.
    static let length = 3...64

    /// Letters of any script, ASCII digits and `._-`; so it has no white space, and no `@` that would make it look like an address.
    static func isWellFormed(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "." || scalar == "_" || scalar == "-"
        }
    }

    /// What two names have in common that a person would take for the same: case and width do not count.
    static func key(of text: String) -> String { text.precomposedStringWithCompatibilityMapping.lowercased() }
}

/// The rules of an e-mail address: what RFC 5321 allows, without quoted local parts and address literals, which nobody has.
enum EmailAddress {
    /// In bytes (RFC 5321, 4.5.3.1.3, without the angle brackets).
    static let bytesMax = 254
    private static let localBytesMax = 64
    private static let labelBytesMax = 63

    static func isWellFormed(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= bytesMax, parts[0].utf8.count <= localBytesMax else { return false }
        let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return atoms.allSatisfy(isAtom) && labels.count >= 2 && labels.allSatisfy(isLabel)
    }

    /// Case does not count: no provider tells mailboxes apart by it.
    static func key(of text: String) -> String { text.lowercased() }

    static func localPart(of text: String) -> Substring { text.prefix { $0 != "@" } }

    private static func isAtom(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
    }

    private static func isLabel(_ text: Substring) -> Bool {
        (1...labelBytesMax).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasSuffix("-")
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}

/// The rules of a telephone number, which is kept as it is written.
enum PhoneNumber {
    /// Besides the leading `+`.
    private static let length = 5...20

    static func isWellFormed(_ text: String) -> Bool {
        let rest = text.hasPrefix("+") ? text.dropFirst() : text[...]
        return length.contains(rest.utf8.count) && rest.utf8.allSatisfy("0123456789 ()-".utf8.contains)
    }
}

extension Validation {
    /// A name to sign in with.
    public mutating func username(_ field: String, _ value: String?) {
        self(field, value, length: Username.length)
        self(field, value.map(Username.isWellFormed) ?? true, code: "pattern", detail: "must consist of letters, digits and . _ -")
    }

    /// An e-mail address (RFC 5321).
    public mutating func email(_ field: String, _ value: String?) {
        self(
            field, value.map(EmailAddress.isWellFormed) ?? true, code: "format",
            detail: "must be an e-mail address such as ana@example.com", format: "email"
        )
    }

    /// - Parameter isRemovable: whether an empty text stands for no number.
    mutating func phone(_ field: String, _ value: String?, isRemovable: Bool = false) {
        let holds = value.map { PhoneNumber.isWellFormed($0) || (isRemovable && $0.isEmpty) } ?? true
        self(field, holds, code: "format", detail: "must be a telephone number such as +86 10 1234 5678")
    }

    /// A new password.
    public mutating func password(_ field: String, _ value: String?) {
        self(field, value, length: PasswordStrength.length)
        self(
            field, value.map(PasswordStrength.isMixed) ?? true, code: "strength",
            detail: "must mix at least two of letters, digits and other characters"
        )
    }
}
