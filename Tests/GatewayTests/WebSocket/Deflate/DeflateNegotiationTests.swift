import Testing

@testable import Gateway

@Suite struct DeflateNegotiationTests {
    private static let plainAnswer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

    private static func answer(_ values: String...) throws -> String? {
        MessageDeflate.negotiate(try ExtensionOffer.read(values))?.answer
    }

    @Test(arguments: [
        "permessage-deflate",
        "Permessage-Deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=\"15\"",
        "permessage-deflate;server_no_context_takeover;client_no_context_takeover",
        "permessage-deflate ; client_max_window_bits = 10",
        "x-webkit-deflate-frame, permessage-deflate",
        ", permessage-deflate ,",
        "permessage-deflate; server_max_window_bits=8, permessage-deflate",
    ])
    func `an offer is granted without context takeover on either side`(_ offer: String) throws {
        #expect(try Self.answer(offer) == Self.plainAnswer)
    }

    @Test(arguments: 9...15)
    func `a smaller window is granted when it is asked for`(_ bits: Int) throws {
        let answer = try Self.answer("permessage-deflate; server_max_window_bits=\(bits)")
        #expect(answer == "\(Self.plainAnswer); server_max_window_bits=\(bits)")
    }

    @Test(arguments: [
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=010",
        "permessage-deflate; server_max_window_bits=1e1",
        "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=-9",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; unheard_of",
        "x-webkit-deflate-frame",
        "",
    ])
    func `an offer that can't be granted is declined`(_ offer: String) throws {
        #expect(try Self.answer(offer) == nil)
    }

    @Test func `the client's order of preference decides, over several headers too`() throws {
        let answer = try Self.answer("other; a=b", "permessage-deflate; server_max_window_bits=10, permessage-deflate")
        #expect(answer == "\(Self.plainAnswer); server_max_window_bits=10")
    }

    @Test(arguments: [
        ";", "a;", "a; ;b", "a=b", "a b", "a; b=", "a; b=\"", "a; b=\"\"", "a; b=\"c d\"", "a; b=\"c\"d", "a; =b", "\"a\"", "a; b=c=d",
        "a/b",
        "permessage-deflate; é",
    ])
    func `a header that breaks the grammar is malformed`(_ value: String) {
        #expect(throws: ExtensionOffer.Malformed.self) { try ExtensionOffer.read([value]) }
    }

    @Test func `a quoted value is what it quotes`() throws {
        let offers = try ExtensionOffer.read(["a; b=\"c\\d\"; e", "f"])
        #expect(
            offers == [
                ExtensionOffer(name: "a", parameters: [.init(name: "b", value: "cd"), .init(name: "e", value: nil)]),
                ExtensionOffer(name: "f"),
            ])
    }
}
