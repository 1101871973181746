import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct OriginPolicyTests {
    private func admits(_ allowed: [String], _ headers: (String, String)...) -> Bool {
        OriginPolicy(allowed: allowed).admits(HTTPHeaders(headers))
    }

    @Test func `who sends no origin is no page`() {
        #expect(admits([]))
        #expect(admits([], ("Host", "club.example")))
    }

    @Test func `a page of the server's own host may always connect, whatever the scheme`() {
        #expect(admits([], ("Host", "club.example:8080"), ("Origin", "http://club.example:8080")))
        #expect(admits([], ("Host", "club.example"), ("Origin", "https://Club.Example")))
        #expect(!admits([], ("Host", "club.example:8080"), ("Origin", "http://club.example")))
        #expect(!admits([], ("Host", "club.example"), ("Host", "evil.example"), ("Origin", "https://evil.example")))
    }

    @Test func `a page that does not say where it is from may not`() {
        #expect(!admits([], ("Host", "null"), ("Origin", "null")))
        #expect(!admits(["https://club.example"], ("Origin", "null")))
        #expect(!admits(["https://club.example"], ("Origin", "https://club.example"), ("Origin", "https://club.example")))
    }

    @Test func `a star admits every page`() {
        #expect(admits(["*"], ("Origin", "https://anywhere.example")))
        #expect(admits(["*"], ("Origin", "null")))
    }
}
