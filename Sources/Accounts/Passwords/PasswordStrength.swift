import Foundation

/// What makes a password too easy.
enum PasswordStrength {
    /// In Unicode scalars. The upper bound keeps a request from buying hashing time with size.
    static let length = 8...128

    /// Whether at least two of letters, digits and other characters occur.
    static func isMixed(_ password: String) -> Bool {
        let kinds = Set(password.map { $0.isLetter ? 0 : $0.isNumber ? 1 : 2 })
        return kinds.count >= 2
    }

    /// Whether it is none of the words that an attacker tries first for this account.
    static func isUnlike(_ password: String, username: String, email: String) -> Bool {
        let words = [username, email, String(EmailAddress.localPart(of: email))]
        return !words.contains { $0.lowercased() == password.lowercased() }
    }
}
