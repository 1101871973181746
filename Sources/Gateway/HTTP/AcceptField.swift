import HTTPTypes

/// Which of the two spellings of a refusal a client would rather read (RFC 9110, section 12.5.1).
enum AcceptField {
    private static let problem = "application/problem+json"
    private static let json = "application/json"

    /// Whether problem details are wanted more than the surface's own JSON; of two that are wanted alike the surface's own is taken.
    static func prefersProblems(_ fields: HTTPFields) -> Bool {
        guard let value = fields[.accept], value.utf8.count > json.utf8.count else { return false }
        let ranges = value.split(separator: ",").map(Range.init)
        return quality(of: problem, in: ranges) > quality(of: json, in: ranges)
    }

    private struct Range {
        let type: String
        let quality: Double

        init(_ text: Substring) {
            let parts = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            type = parts.first ?? ""
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            quality = weight.flatMap { Double($0.dropFirst(2)) } ?? 1
        }
    }

    /// The closest range decides.
    private static func quality(of type: String, in ranges: [Range]) -> Double {
        for name in [type, "application/*", "*/*"] {
            if let range = ranges.first(where: { $0.type == name }) { return range.quality }
        }
        return 0
    }
}
