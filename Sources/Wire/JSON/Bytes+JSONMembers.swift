/// Objects of the protocol: members that hold zero are left out, except where clients rely on them (`member`, not `optional`).
extension [UInt8] {
    mutating func object(_ body: (inout [UInt8]) throws -> Void) rethrows {
        append(UInt8(ascii: "{"))
        try body(&self)
        append(UInt8(ascii: "}"))
    }

    /// The name of the next member. No value ends in an opening brace, so what stands before tells whether a comma is due.
    mutating func name(_ name: StaticString) {
        if last != UInt8(ascii: "{") { append(UInt8(ascii: ",")) }
        append(UInt8(ascii: "\""))
        name.withUTF8Buffer { append(contentsOf: $0) }
        append(UInt8(ascii: "\""))
        append(UInt8(ascii: ":"))
    }

    mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        self.name(name)
        value.write(to: &self)
    }

    mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
        self.name(name)
        appendJSON(value)
    }

    mutating func member(_ name: StaticString, _ values: [some JSONWritable]) {
        self.name(name)
        append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            value.write(to: &self)
        }
        append(UInt8(ascii: "]"))
    }

    mutating func member(_ name: StaticString, _ entries: [String: some JSONWritable]) {
        self.name(name)
        object { bytes in
            for (key, value) in entries {
                if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
                bytes.appendJSONName(key)
                value.write(to: &bytes)
            }
        }
    }

    mutating func optional(_ name: StaticString, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    mutating func optional(_ name: StaticString, _ value: String) {
        if !value.isEmpty { member(name, value) }
    }

    mutating func optional(_ name: StaticString, _ value: some FixedWidthInteger) {
        if value != 0 { member(name, value) }
    }

    mutating func optional(_ name: StaticString, _ value: Bool) {
        guard value else { return }
        self.name(name)
        appendJSON(true)
    }

    mutating func optional(_ name: StaticString, _ values: [some JSONWritable]) {
        if !values.isEmpty { member(name, values) }
    }

    mutating func optional(_ name: StaticString, _ entries: [String: some JSONWritable]) {
        if !entries.isEmpty { member(name, entries) }
    }

    /// The two members that belong together: how long something lasts is always said when it ends.
    mutating func expiry(_ expires: Bool, _ ttl: UInt32) {
        optional("expires", expires)
        if expires { member("ttl", ttl) } else { optional("ttl", ttl) }
    }

    /// The position of a subscription, always said where the client will recover from it.
    mutating func position(recoverable: Bool, positioned: Bool, epoch: String, offset: UInt64) {
        optional("recoverable", recoverable)
        optional("positioned", positioned)
        if recoverable || positioned {
            member("epoch", epoch)
            member("offset", offset)
        } else {
            optional("epoch", epoch)
            optional("offset", offset)
        }
    }
}
