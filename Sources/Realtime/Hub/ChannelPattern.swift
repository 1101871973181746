/// Which channels are meant: `*` stands for any text, `?` for one character of ASCII.
struct ChannelPattern: Sendable {
    private let pattern: [UInt8]

    /// - Parameter pattern: empty for every channel.
    init(_ pattern: String) {
        self.pattern = Array((pattern.isEmpty ? "*" : pattern).utf8)
    }

    /// In time that grows with the product of the lengths at worst: it goes back to the last star only.
    func matches(_ channel: String) -> Bool {
        let name = Array(channel.utf8)
        var (at, position) = (0, 0)
        var star: (after: Int, position: Int)?
        while position < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                at += 1
                star = (at, position)
            } else if at < pattern.count, pattern[at] == name[position] || pattern[at] == UInt8(ascii: "?") {
                at += 1
                position += 1
            } else if let last = star {
                at = last.after
                position = last.position + 1
                star = (at, position)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
