import Accounts
import Client
import Core
import Foundation
import Gym
import ServerTesting
import Storage
import Synchronization
import Testing
import Wire

@testable import Server

@Suite(.timeLimit(.minutes(5))) struct PrivacyTests {
    @Test func `nobody is told a secret, or another person's data, in any answer, event or line of the log`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        let transcript = Transcript()

        try await TestServer.run(in: directory, time: time, adjust: { $0.logLevel = .trace }) { server in
            var club = try await PrivacyScenario(server, transcript)
            try await club.play()
            try await club.collectEvents()
            transcript.expectNothingForbidden(club.people)
            for line in server.logs.lines { transcript.expectNothing(of: club.people, in: line) }
            #expect(server.logs.lines.contains { $0.contains("http.route=/api/v1/users/register") })
            transcript.expectNoSecretStored(in: directory)
        }
        // Once more after the end, when the log of the database has been worked into its file.
        transcript.expectNoSecretStored(in: directory)
        try await expectNothingInSystemChannels(directory, time, transcript)
    }

    private func expectNothingInSystemChannels(_ directory: TestDirectory, _ time: ManualTime, _ transcript: Transcript) async throws {
        let location = try #require(DatabaseLocation(url: directory.databaseURL))
        let database = try Database.open(location, time: time, committed: EventOutlet())
        let page = try await database.read(channel: SystemChannel.revocations.name, after: nil, limit: 500, reverse: false)
        await database.close()

        #expect(page.entries.count >= 3)
        for entry in page.entries { transcript.expectNothing(of: PrivatePerson.all, in: entry.data.text) }
    }
}

/// Somebody with words that appear nowhere else.
struct PrivatePerson: Sendable {
    let username: String
    let email: String
    let phone: String
    let password: String

    init(_ word: String, phone: String) {
        username = "\(word)-name"
        email = "\(word).mail@\(word).example"
        self.phone = phone
        password = "\(word)-Secret-77"
    }

    /// The last one is a member of staff.
    static let all = [
        PrivatePerson("quagga", phone: "+86 10 7717 1001"), PrivatePerson("zorilla", phone: "+86 10 7717 2002"),
        PrivatePerson("numbat", phone: "+86 10 7717 3003"),
    ]

    var personalData: [String] { [username, email, phone] }
}

/// Everything that was said, and to whom.
final class Transcript: Sendable {
    struct Entry: Sendable {
        /// Nil for nobody in particular.
        let reader: String?
        let source: String
        let text: String
        /// Staff and administrators are told names; administrators read accounts.
        let mayName: Bool
    }

    private struct State {
        var entries: [Entry] = []
        /// Passwords and tokens, with the one place where each may stand.
        var secrets: [(text: String, source: String?)] = []
    }

    private let state = Mutex(State())

    var entries: [Entry] { state.withLock(\.entries) }

    func note(_ text: String, from source: String, to reader: String?, mayName: Bool = false) {
        state.withLock { $0.entries.append(Entry(reader: reader, source: source, text: text, mayName: mayName)) }
    }

    /// - Parameter source: the answer that hands it out; nil for what nobody is told.
    func keepSecret(_ text: String, toldIn source: String? = nil) {
        state.withLock { $0.secrets.append((text, source)) }
    }

    func expectNothingForbidden(_ people: [PrivatePerson]) {
        let (entries, secrets) = state.withLock { ($0.entries, $0.secrets) }
        #expect(entries.count > 60)
        #expect(secrets.count > 10)
        for entry in entries {
            for secret in secrets where secret.source == nil || secret.source != entry.source {
                #expect(!entry.text.contains(secret.text), "a secret in \(entry.source)")
            }
            #expect(!entry.text.contains("scrypt"), "a hash in \(entry.source)")
            for person in people where person.username != entry.reader && !entry.mayName {
                for datum in person.personalData {
                    #expect(!entry.text.contains(datum), "\(entry.reader ?? "nobody") was told \(datum) in \(entry.source)")
                }
            }
        }
    }

    /// For what has no reader who may be told anything.
    func expectNothing(of people: [PrivatePerson], in text: String) {
        let secrets = state.withLock(\.secrets)
        #expect(!secrets.contains { text.contains($0.text) }, "\(text.prefix(80))")
        #expect(!people.contains { $0.personalData.contains { text.contains($0) } }, "\(text.prefix(80))")
        #expect(!text.contains("scrypt"))
    }

    /// Looks into SQLite's files, where everything that is stored lies as it is.
    func expectNoSecretStored(in directory: TestDirectory) {
        guard TestDirectory.isOnSQLite else { return }
        let secrets = state.withLock(\.secrets)
        let files = (try? FileManager.default.contentsOfDirectory(at: directory.url, includingPropertiesForKeys: nil)) ?? []
        let stored = files.compactMap { try? Data(contentsOf: $0) }.reduce(Data(), +)
        // That the search finds what is there: a name is stored as it is.
        #expect(stored.range(of: Data(PrivatePerson.all[0].username.utf8)) != nil)
        for secret in secrets { #expect(stored.range(of: Data(secret.text.utf8)) == nil, "stored: \(secret.source ?? "a password")") }
    }
}
