import Synchronization

/// Names each request for logs, answers and the audit trail.
final class RequestIDs: Sendable {
    private let next: Atomic<UInt64>

    /// - Parameter seed: where the sequence starts; random, so that two processes don't name alike.
    init(seed: UInt64 = .random(in: 0...UInt64.max)) {
        next = Atomic(seed)
    }

    /// The client's own id when it is harmless in logs and headers, else a new one of thirteen characters, which fit into a String
    /// without an allocation.
    func id(proposed: String?) -> String {
        if let proposed, (1...64).contains(proposed.utf8.count), proposed.utf8.allSatisfy(Self.isHarmless) { return proposed }
        // SplitMix64: neighbours in the sequence look nothing alike.
        var mixed = next.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed >> 31
        return String(unsafeUninitializedCapacity: 13) { text in
            for index in 0..<13 {
                text[index] = Self.alphabet[Int(truncatingIfNeeded: mixed & 31)]
                mixed >>= 5
            }
            return 13
        }
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
