import Foundation
import Wire

/// A setting that can't be used.
public struct EngineConfigurationError: Error, Hashable, CustomStringConvertible {
    /// As the operator wrote it: `client.ping_interval`.
    public let key: String
    public let expected: String

    public init(key: String, expected: String) {
        self.key = key
        self.expected = expected
    }

    public var description: String { "\(key): expected \(expected)" }
}

/// Takes settings out by their keys. What nobody has taken at the end is a key that means nothing, most likely a misspelt one.
struct SettingsReader {
    /// By the whole path, with dots: `client.token.hmac_secret_key`.
    private var settings: [String: JSONValue] = [:]
    private let prefix: String

    /// - Parameter prefix: stands before every key in errors.
    init(_ section: [String: JSONValue], prefix: String = "") {
        self.prefix = prefix
        insert(section, at: "")
    }

    /// - Throws: ``EngineConfigurationError`` for anything but a JSON object.
    init(json: Data) throws(EngineConfigurationError) {
        guard let section = try? JSONDecoder().decode([String: JSONValue].self, from: json) else {
            throw EngineConfigurationError(key: "configuration", expected: "a JSON object")
        }
        self.init(section)
    }

    private mutating func insert(_ section: [String: JSONValue], at path: String) {
        for (name, value) in section {
            let key = path + name
            if case .object(let inner) = value, !inner.isEmpty { insert(inner, at: key + ".") } else { settings[key] = value }
        }
    }

    /// - Throws: ``EngineConfigurationError`` for the first key that was not taken.
    func finish() throws(EngineConfigurationError) {
        // A section that was left empty says nothing.
        let unknown = settings.filter { if case .object = $0.value { false } else { true } }
        guard let key = unknown.keys.min() else { return }
        throw EngineConfigurationError(key: prefix + key, expected: "no such key")
    }

    // MARK: Values

    /// The value under a key or under one of its other names, converted; nil where it is absent or null.
    ///
    /// - Throws: ``EngineConfigurationError`` for a value that `convert` can't read, and for a setting that was given under two names.
    mutating func value<Value>(
        _ key: String, _ others: [String] = [], expecting expected: String, _ convert: (JSONValue) -> Value?
    ) throws(EngineConfigurationError) -> Value? {
        var found: (key: String, value: JSONValue)?
        for name in [key] + others {
            guard let value = settings.removeValue(forKey: name) else { continue }
            if let found { throw EngineConfigurationError(key: prefix + name, expected: "nothing beside \(prefix + found.key)") }
            found = (name, value)
        }
        guard let found else { return nil }
        if case .null = found.value { return nil }
        guard let value = convert(found.value) else { throw EngineConfigurationError(key: prefix + found.key, expected: expected) }
        return value
    }

    mutating func bool(_ key: String, _ others: [String] = [], or fallback: Bool = false) throws(EngineConfigurationError) -> Bool {
        try value(key, others, expecting: "true or false") { if case .bool(let bool) = $0 { bool } else { nil } } ?? fallback
    }

    mutating func text(_ key: String, _ others: [String] = [], or fallback: String = "") throws(EngineConfigurationError) -> String {
        try value(key, others, expecting: "a text") { if case .string(let text) = $0 { text } else { nil } } ?? fallback
    }

    mutating func texts(_ key: String, _ others: [String] = []) throws(EngineConfigurationError) -> [String] {
        try value(key, others, expecting: "a list of texts") { value -> [String]? in
            guard case .array(let list) = value else { return nil }
            let texts = list.compactMap { if case .string(let text) = $0 { text } else { nil } }
            return texts.count == list.count ? texts : nil
        } ?? []
    }

    mutating func integer(
        _ key: String, _ others: [String] = [], in range: ClosedRange<Int>, or fallback: Int
    ) throws(EngineConfigurationError) -> Int {
        try value(key, others, expecting: "a number from \(range.lowerBound) to \(range.upperBound)") { value -> Int? in
            switch value {
            case .integer(let integer): Int(exactly: integer).flatMap { range.contains($0) ? $0 : nil }
            case .string(let text): Int(text).flatMap { range.contains($0) ? $0 : nil }
            default: nil
            }
        } ?? fallback
    }

    /// Whole seconds from a duration such as `300s` or `1h30m`.
    mutating func seconds(
        _ key: String, _ others: [String] = [], in range: ClosedRange<Int>, or fallback: Int
    ) throws(EngineConfigurationError) -> Int {
        try value(
            key, others, expecting: "a duration of whole seconds such as \"300s\", from \(range.lowerBound)s to \(range.upperBound)s"
        ) { value -> Int? in
            guard case .string(let text) = value, let seconds = DurationText.seconds(text) else { return nil }
            return range.contains(seconds) ? seconds : nil
        } ?? fallback
    }

    mutating func sections(_ key: String, _ others: [String] = []) throws(EngineConfigurationError) -> [[String: JSONValue]] {
        try value(key, others, expecting: "a list of objects") { value -> [[String: JSONValue]]? in
            guard case .array(let list) = value else { return nil }
            let sections = list.compactMap { if case .object(let section) = $0 { section } else { nil } }
            return sections.count == list.count ? sections : nil
        } ?? []
    }
}
