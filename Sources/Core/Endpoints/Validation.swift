/// Collects what is wrong with a request, and what the rules are: the same calls check a request and describe it in the API document.
///
/// `validate` must call each check unconditionally (the overloads take optionals), or the document would not show it.
public struct Validation {
    /// A rule on one field, in the words of JSON Schema.
    public enum Constraint: Hashable, Sendable {
        case minimum(Int64)
        case maximum(Int64)
        case lengthMin(Int)
        case lengthMax(Int)
        case pattern(String)
        case format(String)
        case itemsMax(Int)
    }

    public private(set) var failures: [FieldFailure] = []
    /// By field, in the order they were declared.
    public private(set) var constraints: [(field: String, constraint: Constraint)] = []

    public init() {}

    /// An integer within closed bounds.
    public mutating func callAsFunction(_ field: String, _ value: (some BinaryInteger)?, in range: ClosedRange<Int64>) {
        constraints.append((field, .minimum(range.lowerBound)))
        constraints.append((field, .maximum(range.upperBound)))
        guard let value, !range.contains(Int64(clamping: value)) else { return }
        fail(field, "range", "must be from \(range.lowerBound) to \(range.upperBound)")
    }

    /// The id of a thing: 1 to 2^53 - 1.
    public mutating func callAsFunction<Subject>(_ field: String, _ value: Identifier<Subject>?) {
        callAsFunction(field, value?.rawValue, in: 1...Identifier<Subject>.rawValueMax)
    }

    /// A text of so many Unicode scalars that, unless said otherwise, holds something besides white space and no control characters.
    public mutating func callAsFunction(_ field: String, _ value: String?, length range: ClosedRange<Int>, multiline: Bool = false) {
        constraints.append((field, .lengthMin(range.lowerBound)))
        constraints.append((field, .lengthMax(range.upperBound)))
        guard let value else { return }
        // Scalars, not grapheme clusters: a cluster has no bound of its own, and JSON Schema counts code points.
        guard range.contains(value.unicodeScalars.count) else {
            return fail(field, "length", "must have \(range.lowerBound) to \(range.upperBound) characters")
        }
        if range.lowerBound > 0, value.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            return fail(field, "length", "must not be blank")
        }
        let isForbidden: (Unicode.Scalar) -> Bool = { scalar in
            scalar.properties.generalCategory == .control && !(multiline && (scalar == "\n" || scalar == "\t" || scalar == "\r"))
        }
        if value.unicodeScalars.contains(where: isForbidden) { fail(field, "pattern", "must not hold control characters") }
    }

    /// A list of at most so many items.
    public mutating func callAsFunction<Element>(_ field: String, _ value: [Element]?, countMax: Int) {
        constraints.append((field, .itemsMax(countMax)))
        guard let value, value.count > countMax else { return }
        fail(field, "length", "must have at most \(countMax) items")
    }

    /// A rule that no word of JSON Schema says; it is described by `format` where that helps.
    public mutating func callAsFunction(_ field: String, _ holds: Bool, code: String, detail: String, format: String? = nil) {
        if let format { constraints.append((field, .format(format))) }
        if !holds { fail(field, code, detail) }
    }

    private mutating func fail(_ field: String, _ code: String, _ detail: String) {
        failures.append(FieldFailure(pointer: "/\(field)", code: code, detail: detail))
    }
}
