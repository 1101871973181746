import Wire

/// A subscriber's condition on the tags of publications (protocol A.4, `tf`), checked once so that it can be asked often.
///
/// A tag that a publication does not have equals nothing and is in no set. Order compares numbers; a text that is no number compares with
/// nothing.
struct TagFilter: Hashable, Sendable {
    private indirect enum Condition: Hashable, Sendable {
        case and([Condition])
        case or([Condition])
        case not(Condition)
        case equal(key: String, String)
        case isIn(key: String, Set<String>)
        case exists(key: String)
        case hasPrefix(key: String, String)
        case hasSuffix(key: String, String)
        case contains(key: String, String)
        case compares(key: String, Order, Double)
    }

    private enum Order: Hashable, Sendable {
        case less, lessOrEqual, greater, greaterOrEqual
    }

    private let root: Condition

    /// - Returns: nil for a tree that names an operator or comparison nobody knows, or gives one the wrong operands.
    init?(_ node: FilterNode) {
        guard let root = Self.condition(node) else { return nil }
        self.root = root
    }

    func matches(_ tags: [String: String]) -> Bool { Self.holds(root, tags) }

    // MARK: Reading

    private static func condition(_ node: FilterNode) -> Condition? {
        switch node.op {
        case "": return node.nodes.isEmpty ? comparison(node) : nil
        case "and": return conditions(node.nodes).map { .and($0) }
        case "or": return conditions(node.nodes).map { .or($0) }
        case "not":
            guard node.nodes.count == 1 else { return nil }
            return condition(node.nodes[0]).map { .not($0) }
        default: return nil
        }
    }

    private static func conditions(_ nodes: [FilterNode]) -> [Condition]? {
        let known = nodes.compactMap(condition)
        return known.count == nodes.count && !known.isEmpty ? known : nil
    }

    private static func comparison(_ node: FilterNode) -> Condition? {
        let (key, value) = (node.key, node.val)
        guard !key.isEmpty else { return nil }
        switch node.cmp {
        case "eq": return .equal(key: key, value)
        case "neq": return .not(.equal(key: key, value))
        case "in": return node.vals.isEmpty ? nil : .isIn(key: key, Set(node.vals))
        case "nin": return node.vals.isEmpty ? nil : .not(.isIn(key: key, Set(node.vals)))
        case "ex": return .exists(key: key)
        case "nex": return .not(.exists(key: key))
        case "sw": return .hasPrefix(key: key, value)
        case "ew": return .hasSuffix(key: key, value)
        case "ct": return .contains(key: key, value)
        case "lt": return number(value).map { .compares(key: key, .less, $0) }
        case "lte": return number(value).map { .compares(key: key, .lessOrEqual, $0) }
        case "gt": return number(value).map { .compares(key: key, .greater, $0) }
        case "gte": return number(value).map { .compares(key: key, .greaterOrEqual, $0) }
        default: return nil
        }
    }

    private static func number(_ text: String) -> Double? {
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    // MARK: Asking

    private static func holds(_ condition: Condition, _ tags: [String: String]) -> Bool {
        switch condition {
        case .and(let all): all.allSatisfy { holds($0, tags) }
        case .or(let any): any.contains { holds($0, tags) }
        case .not(let other): !holds(other, tags)
        case .equal(let key, let value): tags[key] == value
        case .isIn(let key, let values): tags[key].map(values.contains) ?? false
        case .exists(let key): tags[key] != nil
        case .hasPrefix(let key, let text): tags[key]?.hasPrefix(text) ?? false
        case .hasSuffix(let key, let text): tags[key]?.hasSuffix(text) ?? false
        case .contains(let key, let text): text.isEmpty ? tags[key] != nil : tags[key]?.contains(text) ?? false
        case .compares(let key, let order, let number): compares(tags[key].flatMap(Self.number), order, number)
        }
    }

    private static func compares(_ value: Double?, _ order: Order, _ number: Double) -> Bool {
        guard let value else { return false }
        return switch order {
        case .less: value < number
        case .lessOrEqual: value <= number
        case .greater: value > number
        case .greaterOrEqual: value >= number
        }
    }
}
