/// Finds a value under its key: the option, else the environment's `RINGSIDE_<KEY>`, else the default.
struct ConfigurationReader {
    let environment: [String: String]

    func text(_ key: String, _ option: String?, or fallback: String) throws -> String {
        try value(key, option, or: fallback) {
            $0
        } expecting: {
            "a text"
        }
    }

    func integer(_ key: String, _ option: String?, in range: ClosedRange<Int>, or fallback: Int) throws -> Int {
        try value(key, option, or: fallback) {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        } expecting: {
            "a number from \(range.lowerBound) to \(range.upperBound)"
        }
    }

    /// - Throws: ``ConfigurationError`` when there is a text that `parse` can't read.
    func value<Value>(
        _ key: String, _ option: String?, or fallback: Value, _ parse: (String) -> Value?, expecting expected: () -> String
    ) throws -> Value {
        let variable = "RINGSIDE_" + key.uppercased().replacing("-", with: "_")
        guard let text = option ?? environment[variable] else { return fallback }
        guard let value = parse(text) else {
            throw ConfigurationError(key: option == nil ? variable : "--\(key)", expected: expected())
        }
        return value
    }
}

/// A setting that can't be used.
public struct ConfigurationError: Error, CustomStringConvertible {
    /// As the operator wrote it: `--port` or `RINGSIDE_PORT`.
    public let key: String
    public let expected: String

    public var description: String { "\(key): expected \(expected)" }
}
