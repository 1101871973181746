import Testing
import Wire

@testable import Realtime

@Suite struct TagFilterTests {
    private static func leaf(_ key: String, _ cmp: String, _ val: String = "", _ vals: [String] = []) -> FilterNode {
        FilterNode(key: key, cmp: cmp, val: val, vals: vals)
    }

    private static func node(_ op: String, _ nodes: FilterNode...) -> FilterNode { FilterNode(op: op, nodes: nodes) }

    @Test(
        arguments: [
            ("eq", "red", [], "red", true), ("eq", "red", [], "blue", false), ("eq", "red", [], nil, false),
            ("neq", "red", [], "red", false), ("neq", "red", [], "blue", true), ("neq", "red", [], nil, true),
            ("in", "", ["red", "blue"], "blue", true), ("in", "", ["red", "blue"], "green", false), ("in", "", ["red"], nil, false),
            ("nin", "", ["red", "blue"], "blue", false), ("nin", "", ["red"], "green", true), ("nin", "", ["red"], nil, true),
            ("ex", "", [], "", true), ("ex", "", [], nil, false), ("nex", "", [], "", false), ("nex", "", [], nil, true),
            ("sw", "re", [], "red", true), ("sw", "ed", [], "red", false), ("sw", "re", [], nil, false), ("sw", "", [], "red", true),
            ("ew", "ed", [], "red", true), ("ew", "re", [], "red", false), ("ew", "ed", [], nil, false),
            ("ct", "e", [], "red", true), ("ct", "x", [], "red", false), ("ct", "e", [], nil, false), ("ct", "", [], "red", true),
            ("lt", "10", [], "9", true), ("lt", "10", [], "10", false), ("lt", "10", [], nil, false), ("lt", "10", [], "nine", false),
            ("lte", "10", [], "10", true), ("lte", "10", [], "10.5", false), ("gt", "10", [], "9", false), ("gt", "-1", [], "0", true),
            ("gt", "10", [], "11", true), ("gte", "10", [], "10.0", true), ("gte", "10", [], "9.99", false), ("gt", "1", [], "nan", false),
        ] as [(String, String, [String], String?, Bool)])
    func `each comparison says what the protocol says`(
        cmp: String, val: String, vals: [String], tag: String?, expected: Bool
    ) throws {
        let filter = try #require(TagFilter(Self.leaf("colour", cmp, val, vals)))
        #expect(filter.matches(tag.map { ["colour": $0] } ?? ["other": "red"]) == expected)
    }

    @Test func `conditions combine`() throws {
        let red = Self.leaf("colour", "eq", "red")
        let big = Self.leaf("size", "gt", "5")
        let both = try #require(TagFilter(Self.node("and", red, big)))
        let either = try #require(TagFilter(Self.node("or", red, big)))
        let neither = try #require(TagFilter(Self.node("not", Self.node("or", red, big))))
        for (tags, all, any) in [
            (["colour": "red", "size": "9"], true, true), (["colour": "red"], false, true), (["size": "9"], false, true),
            ([:], false, false),
        ] {
            #expect(both.matches(tags) == all)
            #expect(either.matches(tags) == any)
            #expect(neither.matches(tags) == !any)
        }
    }

    @Test(
        arguments: [
            leaf("a", "like", "b"), leaf("", "eq", "b"), leaf("a", "", "b"), leaf("a", "in"), leaf("a", "nin"), leaf("a", "gt", "many"),
            leaf("a", "lt", "inf"), node("xor", leaf("a", "ex")), node("not"), node("not", leaf("a", "ex"), leaf("b", "ex")), node("and"),
            node("or"), node("and", leaf("a", "ex"), leaf("a", "like")), node("", leaf("a", "ex")), FilterNode(),
        ])
    func `what nobody understands is no filter`(node: FilterNode) {
        #expect(TagFilter(node) == nil)
    }
}
