import Testing

@testable import Engine

@Suite struct ChannelRulesTests {
    private var rules: ChannelRules {
        var rules = ChannelRules()
        rules.withoutNamespace.presence = true
        rules.namespaces["ns"] = Namespace()
        return rules
    }

    @Test func `the namespace stands before the first colon, behind a private prefix`() {
        #expect(rules.namespace(of: "plain") == rules.withoutNamespace)
        #expect(rules.namespace(of: "$plain") == rules.withoutNamespace)
        #expect(rules.namespace(of: "ns:a:b") == Namespace())
        #expect(rules.namespace(of: "$ns:a") == Namespace())
        #expect(rules.namespace(of: "other:a") == nil)
        #expect(rules.namespace(of: ":a") == nil)
    }

    @Test func `users stand behind the last boundary`() {
        #expect(rules.users(of: "ns:dialog#1,42") == ["1", "42"])
        #expect(rules.users(of: "ns:a#b#7") == ["7"])
        #expect(rules.users(of: "ns:a#") == [""])
        #expect(rules.users(of: "ns:a") == nil)
    }

    @Test func `a name limited to users admits them and nobody else`() {
        var rules = rules
        rules.namespaces["ns"]?.userLimitedChannels = true
        rules.namespaces["ns"]?.subscribeForClient = true
        let permissions = ChannelPermissions(rules: rules, isInsecure: false)
        #expect(permissions.admits("42", to: "ns:dialog#1,42"))
        #expect(!permissions.admits("4", to: "ns:dialog#1,42"))
        #expect(!permissions.admits("", to: "ns:dialog#"))
        #expect(permissions.admits("4", to: "ns:open"))
    }

    @Test func `private channels admit nobody without a token`() {
        var rules = rules
        rules.withoutNamespace.subscribeForClient = true
        let permissions = ChannelPermissions(rules: rules, isInsecure: false)
        #expect(permissions.admits("42", to: "open"))
        #expect(!permissions.admits("42", to: "$closed"))
    }
}
