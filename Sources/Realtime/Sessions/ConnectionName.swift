/// Random names, from the system's secure generator.
enum ConnectionName {
    /// A UUID of version 4 (RFC 9562): names a connection to others.
    static func client() -> String {
        let digits =
            hexadecimal((UInt64.random(in: .min ... .max) & ~0xF000) | 0x4000)
            + hexadecimal((UInt64.random(in: .min ... .max) & ~(3 << 62)) | (2 << 62))
        var name = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { name.append("-") }
            name.append(digit)
        }
        return name
    }

    /// Nobody can guess it: it is all that proves a connection to be one's own where every request comes by itself.
    static func session() -> String {
        hexadecimal(.random(in: .min ... .max)) + hexadecimal(.random(in: .min ... .max))
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
