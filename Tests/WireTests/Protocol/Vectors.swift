import Foundation
import Wire

/// One message in both forms, as the files of `protocol/vectors` hold it for people who write clients.
struct Vector: Codable, Hashable {
    let name: String
    /// A frame of this message alone.
    let json: String
    /// The same frame in Protobuf, its length included, in hexadecimal digits.
    let protobuf: String

    var protobufBytes: [UInt8] {
        var digits = protobuf[...]
        var bytes: [UInt8] = []
        while !digits.isEmpty {
            bytes.append(UInt8(digits.prefix(2), radix: 16) ?? 0)
            digits = digits.dropFirst(2)
        }
        return bytes
    }
}

enum Vectors {
    static func of(_ commands: [Command]) -> [Vector] {
        named(commands.map { name(of: $0.request) }).enumerated().map { index, name in
            Vector(
                name: name,
                json: encoded([commands[index]]),
                protobuf: hex(ProtobufClientCodec().encode([commands[index]]))
            )
        }
    }

    static func of(_ messages: [ServerMessage], _ direction: CodecDirection) -> [Vector] {
        named(messages.map(name)).enumerated().map { index, name in
            Vector(
                name: name,
                json: String(decoding: encode([messages[index]], JSONCodec(direction: direction)), as: UTF8.self),
                protobuf: hex(encode([messages[index]], ProtobufCodec(direction: direction)))
            )
        }
    }

    /// As the file has them, one line each.
    static func file(_ vectors: [Vector]) throws -> String {
        let encoder = JSONByteEncoder()
        return "[\n" + (try vectors.map { "  " + String(decoding: try encoder.encode($0), as: UTF8.self) }).joined(separator: ",\n")
            + "\n]\n"
    }

    /// What tells the alternatives of an enum apart, with a number where there are several of one.
    private static func named(_ names: [String]) -> [String] {
        var counts: [String: Int] = [:]
        return names.map { name in
            counts[name, default: 0] += 1
            return counts[name] == 1 ? name : "\(name) \(counts[name] ?? 0)"
        }
    }

    private static func name(of request: Command.Request) -> String { Mirror(reflecting: request).children.first?.label ?? "\(request)" }

    private static func name(_ message: ServerMessage) -> String {
        switch message {
        case .reply(let reply): "reply " + (Mirror(reflecting: reply.body).children.first?.label ?? "\(reply.body)")
        case .push(let push): "push " + (Mirror(reflecting: push.body).children.first?.label ?? "\(push.body)")
        case .ping: "ping"
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// One publication as its difference to the one before.
struct DeltaVector: Codable, Hashable {
    let base: String
    let target: String
    let delta: String

    static func of(_ base: String, _ target: String) -> Self? {
        FossilDelta.encode(from: Array(base.utf8), to: Array(target.utf8)).map {
            Self(base: base, target: target, delta: String(decoding: $0, as: UTF8.self))
        }
    }
}
