/// The text of a statement as the literals that it is put together from, with a place for a value between them.
///
/// A literal of the source has one address for as long as the program runs. Texts are therefore compared and hashed by the addresses of their
/// parts: finding the compiled statement costs nothing of what reading or joining its text would. (The same words at another place of the
/// source are another text, and are compiled once more.)
struct StatementText: Hashable, Sendable {
    /// Nil is a place for a value.
    private var parts: [StaticString?] = []
    /// The sequence of parts in one number, kept up as they come.
    private var signature: UInt64 = 0

    init(capacity: Int) {
        parts.reserveCapacity(capacity)
    }

    mutating func append(_ literal: StaticString) {
        guard literal.utf8CodeUnitCount > 0 else { return }
        parts.append(literal)
        mix(UInt64(UInt(bitPattern: literal.utf8Start)))
    }

    mutating func append(_ text: StatementText) {
        for part in text.parts {
            if let part { append(part) } else { appendPlaceholder() }
        }
    }

    mutating func appendPlaceholder() {
        parts.append(nil)
        mix(1)
    }

    /// The whole text, with the engine's placeholders.
    ///
    /// - Parameter placeholder: for the value of that number, which counts from one.
    func rendered(placeholder: (_ number: Int) -> String) -> String {
        var text = ""
        var number = 0
        for part in parts {
            if let part {
                text += part.description
            } else {
                number += 1
                text += placeholder(number)
            }
        }
        return text
    }

    /// Whether somebody wrote out a placeholder of PostgreSQL's, `$1`.
    var holdsPlaceholderInLiteral: Bool {
        rendered { _ in "" }.contains(/\$[0-9]/)
    }

    /// Order counts: each step turns what was there before the next part comes in.
    private mutating func mix(_ part: UInt64) {
        signature = (signature.rotated(by: 5) ^ part) &* 0x9e37_79b9_7f4a_7c15
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(signature)
    }

    static func == (left: Self, right: Self) -> Bool {
        left.signature == right.signature
            && left.parts.elementsEqual(right.parts) { left, right in
                switch (left, right) {
                case (nil, nil): true
                case (let left?, let right?): left.utf8Start == right.utf8Start && left.utf8CodeUnitCount == right.utf8CodeUnitCount
                default: false
                }
            }
    }
}

extension UInt64 {
    fileprivate func rotated(by bits: Int) -> UInt64 { (self << bits) | (self >> (64 - bits)) }
}
