import Client
import SeededRandom
import ServerTesting

/// Makes what a hostile or broken client might send: sound commands, odd ones, and torn bytes. The same seed makes the same frames.
struct FrameMutator {
    private var generator: SplitMix64
    private let commands: [String]

    private static let oddValues = [
        "null", "true", "-1", "0", "1e309", "18446744073709551616", "9007199254740993", "\"\"", "\"\\u0000\"", "\"\u{1F3CB}\"", "[]", "{}",
        "[[[[]]]]",
        "\"personal:#1\"", "\"system:revocations\"", "\"calendar:venue:-0\"", "{\"a\":{\"a\":{\"a\":1}}}",
    ]

    init(seed: UInt64, channel: String, token: String) {
        generator = SplitMix64(seed: seed)
        commands = [
            #"{"id":2,"subscribe":{"channel":"\#(channel)","recover":true,"epoch":"_","offset":7,"flag":3}}"#,
            #"{"id":3,"unsubscribe":{"channel":"\#(channel)"}}"#,
            #"{"id":4,"history":{"channel":"\#(channel)","limit":10,"since":{"offset":1,"epoch":"x"},"reverse":true}}"#,
            #"{"id":5,"publish":{"channel":"\#(channel)","data":{"text":"hello"}}}"#, #"{"id":6,"presence":{"channel":"\#(channel)"}}"#,
            #"{"id":7,"rpc":{"method":"gym.reservations.create","data":{"request":{"time_slot_id":1}}}}"#,
            #"{"id":8,"refresh":{"token":"\#(token)"}}"#, #"{"id":9,"ping":{}}"#, #"{"send":{"data":{}}}"#, "{}",
            #"{"id":1,"connect":{"token":"\#(token)","subs":{"\#(channel)":{"recover":true}}}}"#,
        ]
    }

    /// The bytes of one frame, or of what was once one.
    mutating func frame() -> [UInt8] {
        let command = commands.randomElement(using: &generator) ?? "{}"
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<2: return RawFrame.text(command).bytes
        case 2..<6: return RawFrame.text(withOddValue(command)).bytes
        case 6..<8: return RawFrame(RawFrame.Opcode.text, torn(Array(command.utf8))).bytes
        case 8: return withOddHead(Array(command.utf8)).bytes
        default: return torn(RawFrame.text(command).bytes)
        }
    }

    /// Another value behind one of the colons.
    private mutating func withOddValue(_ command: String) -> String {
        let parts = command.components(separatedBy: "\":")
        guard parts.count > 1 else { return command }
        let place = Int.random(in: 1..<parts.count, using: &generator)
        let rest = parts[place].drop { $0 != "," && $0 != "}" }
        var changed = parts
        changed[place] = (Self.oddValues.randomElement(using: &generator) ?? "") + rest
        return changed.joined(separator: "\":")
    }

    private mutating func withOddHead(_ payload: [UInt8]) -> RawFrame {
        RawFrame(
            UInt8.random(in: 0...15, using: &generator), payload, isFinal: Bool.random(using: &generator),
            reservedBits: Int.random(in: 0..<4, using: &generator) == 0 ? UInt8.random(in: 0...7, using: &generator) : 0,
            maskingKey: Int.random(in: 0..<4, using: &generator) == 0 ? nil : [1, 2, 3, 4]
        )
    }

    private mutating func torn(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}
