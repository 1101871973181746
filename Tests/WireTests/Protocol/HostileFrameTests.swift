import Foundation
import SeededRandom
import Testing
import Wire

@Suite struct HostileFrameTests {
    @Test(
        arguments: [
            ("", .empty), ("\n", .empty), (" ", .empty), ("{}\n\n{}", .empty), ("{}\n\n", .empty), ("\n{}", .empty), ("\r\n", .empty),
            ("{", .malformed), ("[]", .malformed), ("null", .malformed), ("1", .malformed), ("{}{}", .malformed), ("{} x", .malformed),
            ("{,}", .malformed), (#"{"id":1,}"#, .malformed), (#"{"id" 1}"#, .malformed), (#"{id:1}"#, .malformed),
            (#"{'id':1}"#, .malformed),
            (#"{"id":1,"rpc":{"data":01}}"#, .malformed), (#"{"id":1,"rpc":{"data":1.}}"#, .malformed),
            (#"{"id":1,"rpc":{"data":.5}}"#, .malformed), (#"{"id":1,"rpc":{"data":+1}}"#, .malformed),
            (#"{"id":1,"rpc":{"data":-}}"#, .malformed), (#"{"id":1,"rpc":{"data":1e}}"#, .malformed),
            (#"{"id":1,"rpc":{"data":NaN}}"#, .malformed), (#"{"id":1,"rpc":{"data":nul}}"#, .malformed),
            (#"{"id":1,"rpc":{"data":"\q"}}"#, .malformed), (#"{"id":1,"rpc":{"data":"\u12g4"}}"#, .malformed),
            ("{\"id\":1,\"rpc\":{\"data\":\"a\tb\"}}", .malformed), (#"{"id":1,"rpc":{"data":[1,]}}"#, .malformed),
            (#"{"id":1,"rpc":{"data":}}"#, .malformed), (#"{"id":1,"rpc":{"data":1 2}}"#, .malformed), (#"\#u{FEFF}{}"#, .malformed),
            (#"{"id":1,"rpc":[]}"#, .malformed), (#"{"id":1,"rpc":null}"#, .malformed), (#"{"id":1,"ping":1}"#, .malformed),
            (#"{"id":"1","ping":{}}"#, .malformed), (#"{"id":-1,"ping":{}}"#, .malformed), (#"{"id":1.0,"ping":{}}"#, .malformed),
            (#"{"id":1e2,"ping":{}}"#, .malformed), (#"{"id":4294967296,"ping":{}}"#, .malformed), (#"{"id":true,"ping":{}}"#, .malformed),
            (#"{"id":1,"subscribe":{"channel":"c","offset":18446744073709551616}}"#, .malformed),
            (#"{"id":1,"subscribe":{"channel":"c","offset":1e1000000000}}"#, .malformed),
            (#"{"id":1,"subscribe":{"channel":7}}"#, .malformed), (#"{"id":1,"subscribe":{"channel":"c","recover":1}}"#, .malformed),
            (#"{"id":1,"history":{"channel":"c","limit":2147483648}}"#, .malformed),
            (#"{"id":1}"#, .unknownCommand), (#"{"x":{}}"#, .unknownCommand), (#"{"id":1,"push":{}}"#, .unknownCommand),
            (#"{"id":0,"x":1}"#, .unknownCommand), (#"{"id":1,"Ping":{}}"#, .unknownCommand),
            (#"{"id":1,"ping":{},"send":{}}"#, .severalCommands), (#"{"id":1,"subscribe":{},"unsubscribe":{}}"#, .severalCommands),
            (#"{"ping":{}}"#, .missingID), (#"{"id":0,"connect":{}}"#, .missingID), (#"{"id":null,"rpc":{}}"#, .missingID),
        ] as [(String, FrameError)])
    func `frames that break a rule are refused`(frame: String, error: FrameError) {
        #expect(throws: error) { try decodeCommands(frame) }
    }

    @Test func `a bad message refuses the good ones before it`() {
        #expect(throws: FrameError.malformed) { try decodeCommands("{}\n{\"id\":1,\"ping\":{}}\n{") }
    }

    @Test(arguments: [
        #"{"id":1,"id":1,"ping":{}}"#, #"{"id":1,"ping":{},"ping":{}}"#, #"{"id":1,"rpc":{"data":1,"data":2}}"#,
        #"{"id":1,"\u0069d":2,"ping":{}}"#, #"{"id":1,"rpc":{"data":1,"d\u0061ta":2}}"#, #"{"id":1,"ping":{"x":1,"x":1}}"#,
        #"{"id":1,"connect":{"subs":{"a":{},"\u0061":{}}}}"#,
    ])
    func `a member that occurs twice is refused, however it is spelled`(frame: String) {
        #expect(throws: FrameError.malformed) { try decodeCommands(frame) }
    }

    @Test(arguments: [#""\ud83e""#, #""\udd4a""#, #""\ud83e\ud83e""#, #""\ud83e\u0041""#, #""\ud83ex""#, #"{"\ud800":1}"#])
    func `half a surrogate pair is refused`(text: String) {
        #expect(throws: FrameError.malformed) { try decodeCommands(#"{"id":1,"rpc":{"data":\#(text)}}"#) }
        #expect(throws: FrameError.malformed) { try decodeCommands(#"{"id":1,"rpc":{"method":\#(text)}}"#) }
    }

    @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80]] as [[UInt8]])
    func `bytes that are not UTF-8 are refused, in payloads too`(bytes: [UInt8]) {
        for head in [#"{"id":1,"rpc":{"data":""#, #"{"id":1,"rpc":{"method":""#] {
            #expect(throws: FrameError.malformed) { try decodeCommands(Array(head.utf8) + bytes + Array(#""}}"#.utf8)) }
        }
    }

    @Test func `nesting is bounded before it can exhaust the stack`() throws {
        func nested(_ depth: Int, _ opener: String, _ closer: String) -> String {
            // The command and its request are two levels of their own.
            let levels = depth - 2
            return #"{"id":1,"rpc":{"data":"# + String(repeating: opener, count: levels) + "1" + String(repeating: closer, count: levels)
                + "}}"
        }
        #expect(try decodeCommands(nested(64, "[", "]")).count == 1)
        #expect(throws: FrameError.tooDeep) { try decodeCommands(nested(65, "[", "]")) }
        #expect(throws: FrameError.tooDeep) { try decodeCommands(nested(65, #"{"a":"#, "}")) }
        #expect(throws: FrameError.tooDeep) { try decodeCommands(String(repeating: "[", count: 65_000)) }
        #expect(throws: FrameError.tooDeep) { try decodeCommands(String(repeating: #"{"a":"#, count: 13_000)) }
    }

    @Test func `huge numbers are carried in payloads and refused in fields`() throws {
        let digits = String(repeating: "9", count: 60_000)
        #expect(try decodeCommands(#"{"id":1,"rpc":{"data":-\#(digits).\#(digits)e+\#(digits)}}"#).count == 1)
        #expect(throws: FrameError.malformed) { try decodeCommands(#"{"id":\#(digits),"ping":{}}"#) }
    }

    @Test func `objects with too many members are refused`() {
        func members(_ count: Int) -> String { (0..<count).map { #""m\#($0)":{}"# }.joined(separator: ",") }
        #expect(throws: FrameError.malformed) { try decodeCommands("{\(members(65))}") }
        #expect(throws: FrameError.malformed) { try decodeCommands(#"{"id":1,"connect":{"subs":{\#(members(1_025))}}}"#) }
        #expect(throws: Never.self) { try decodeCommands(#"{"id":1,"connect":{"subs":{\#(members(1_024))}}}"#) }
        #expect(throws: Never.self) { try decodeCommands(#"{"id":1,"rpc":{"data":{\#(members(5_000))}}}"#) }
    }

    @Test func `a frame cut anywhere is refused or holds whole messages only`() throws {
        let frame = Array(encoded(everyCommand).utf8)
        var complete = 0
        for length in 0..<frame.count {
            let cut = Array(frame[..<length])
            if length > 0, frame[length] == UInt8(ascii: "\n") { complete += 1 }
            let endsBetweenMessages = length > 0 && (frame[length] == UInt8(ascii: "\n") || frame[length - 1] == UInt8(ascii: "\n"))
            if endsBetweenMessages {
                #expect(try decodeCommands(cut) == Array(everyCommand[..<complete]))
            } else {
                #expect(throws: FrameError.self, "\(length)") { try decodeCommands(cut) }
            }
        }
        let messages = Array(encoded(everyMessage).utf8)
        for length in 0..<messages.count where messages[length] != UInt8(ascii: "\n") {
            guard let decoded = try? decodeMessages(Array(messages[..<length])) else { continue }
            #expect(decoded == Array(everyMessage.prefix(decoded.count)))
        }
    }

    @Test func `of 5,000 mutated frames those that are read are JSON and mean the same when written again`() throws {
        var generator = SplitMix64(seed: 3)
        let frames = everyCommand.map { Array(encoded([$0]).utf8) }
        var accepted = 0
        for round in 0..<5_000 {
            let frame = mutated(frames[round % frames.count], using: &generator)
            _ = try? decodeMessages(frame)
            guard let commands = try? decodeCommands(frame) else { continue }
            accepted += 1
            let text = String(decoding: frame, as: UTF8.self)
            for line in text.split(separator: "\n") {
                #expect(throws: Never.self, "\(text)") { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
            }
            let again = encoded(commands)
            #expect(!again.utf8.contains(13) && again.utf8.count(where: { $0 == 10 }) == commands.count - 1, "\(text)")
            #expect(try decodeCommands(again) == commands, "\(text)")
        }
        // A test that refuses everything would prove nothing.
        #expect(accepted > 250)
    }

    private func mutated(_ frame: [UInt8], using generator: inout SplitMix64) -> [UInt8] {
        let interesting = Array("{}[]\",:\\ \n\r\t0123456789-+.eEunltrfa\u{0}é".utf8) + [0xFF, 0xC0, 0xED, 0xF4]
        var frame = frame
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !frame.isEmpty {
            let place = Int.random(in: 0..<frame.count, using: &generator)
            let byte = interesting.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0...4, using: &generator) {
            case 0: frame[place] = byte
            case 1: frame.insert(byte, at: place)
            case 2: frame.remove(at: place)
            case 3: frame[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            default:
                let end = Int.random(in: place...min(frame.count, place + 8), using: &generator)
                frame.insert(contentsOf: frame[place..<end], at: Int.random(in: 0...frame.count, using: &generator))
            }
        }
        return frame
    }
}
