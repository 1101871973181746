import Realtime

/// How channel names are read, and what holds for the channels of each namespace.
public struct ChannelRules: Sendable {
    /// The longest name, in bytes.
    public var nameBytesMax = 255
    /// Channels whose names begin with it are open only to those who bring a subscription token.
    public var privatePrefix = "$"
    /// Ends the namespace of a name.
    public var namespaceBoundary = ":"
    /// Begins the users of a name that is limited to some.
    public var userBoundary = "#"
    /// Stands between those users.
    public var userSeparator = ","
    public var withoutNamespace = Namespace()
    public var namespaces: [String: Namespace] = [:]

    public init() {}

    /// Nil for a channel of a namespace that is not configured.
    public func namespace(of channel: String) -> Namespace? {
        let name = isPrivate(channel) ? channel.dropFirst(privatePrefix.count) : channel[...]
        guard !namespaceBoundary.isEmpty, let end = name.firstRange(of: namespaceBoundary)?.lowerBound else { return withoutNamespace }
        return namespaces[String(name[..<end])]
    }

    public func isPrivate(_ channel: String) -> Bool { !privatePrefix.isEmpty && channel.hasPrefix(privatePrefix) }

    /// The users that a name is limited to; nil where it names none.
    func users(of channel: String) -> [Substring]? {
        guard !userBoundary.isEmpty, let boundary = channel.ranges(of: userBoundary).last else { return nil }
        let users = channel[boundary.upperBound...]
        return userSeparator.isEmpty ? [users] : users.split(separator: userSeparator, omittingEmptySubsequences: false)
    }

    /// What is kept of a channel; nothing where the namespace keeps nothing.
    public func retention(of channel: String) -> Retention { (namespace(of: channel) ?? Namespace()).retention }
}

extension ChannelRules {
    static let namespacesMax = 1_000

    init(_ reader: inout SettingsReader) throws(EngineConfigurationError) {
        nameBytesMax = try reader.integer("channel.max_length", ["channel_max_length"], in: 1...255, or: nameBytesMax)
        privatePrefix = try reader.text("channel.private_prefix", ["channel_private_prefix"], or: privatePrefix)
        namespaceBoundary = try reader.text("channel.namespace_boundary", ["channel_namespace_boundary"], or: namespaceBoundary)
        userBoundary = try reader.text("channel.user_boundary", ["channel_user_boundary"], or: userBoundary)
        userSeparator = try reader.text("channel.user_separator", ["channel_user_separator"], or: userSeparator)
        withoutNamespace = try Namespace(&reader, path: "channel.without_namespace.", otherPath: "")
        try withoutNamespace.validate(path: "channel.without_namespace.")
        namespaces = try Self.namespaces(&reader)
    }

    private static func namespaces(_ reader: inout SettingsReader) throws(EngineConfigurationError) -> [String: Namespace] {
        let key = "channel.namespaces"
        let sections = try reader.sections(key, ["namespaces"])
        guard sections.count <= namespacesMax else {
            throw EngineConfigurationError(key: key, expected: "at most \(namespacesMax) namespaces")
        }
        var namespaces: [String: Namespace] = [:]
        for (index, section) in sections.enumerated() {
            var nameReader = SettingsReader(section, prefix: "\(key)[\(index)].")
            let name = try nameReader.text("name")
            guard isName(name) else {
                throw EngineConfigurationError(
                    key: "\(key)[\(index)].name", expected: "two or more letters, digits, hyphens, underscores or dots"
                )
            }
            let path = "\(key).\(name)."
            var reader = SettingsReader(section.filter { $0.key != "name" }, prefix: path)
            let namespace = try Namespace(&reader)
            try reader.finish()
            try namespace.validate(path: path)
            guard namespaces.updateValue(namespace, forKey: name) == nil else {
                throw EngineConfigurationError(key: "\(key)[\(index)].name", expected: "a name that no other namespace has")
            }
        }
        return namespaces
    }

    private static func isName(_ name: String) -> Bool {
        name.utf8.count >= 2
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
                default: false
                }
            }
    }
}
