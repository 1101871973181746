import Core
import ScratchDatabase
import Storage
import Testing

@Suite(.enabled(if: TestStore.isPostgreSQL), .timeLimit(.minutes(5))) struct PostgreSQLEncryptionTests {
    @Test func `the server's certificate is checked where the address asks for it, and a wrong one refused with its reason`() async throws {
        try await TestServerOfItsOwn.run(.encrypted) { server in
            let trusting = server.url + "?sslmode=verify-full&sslrootcert=\(server.signer)"
            #expect(try await Self.isEncrypted(trusting))
            #expect(try await Self.isEncrypted(server.url + "?sslmode=require"))

            let refusals = [
                (server.url + "?sslmode=verify-full&sslrootcert=\(server.stranger)", "certificate verify failed"),
                (trusting.replacing("127.0.0.1", with: "localhost") + "&hostaddr=127.0.0.1", "does not match host name"),
                (server.url + "?sslmode=verify-full&sslrootcert=/nowhere.pem", "root certificate file"),
                (server.url + "?sslmode=disable", "no encryption"),
            ]
            for (url, reason) in refusals {
                let refusal = await #expect(throws: StorageError.self) { _ = try await Self.isEncrypted(url) }
                guard case .unavailable(let told)? = refusal else { throw StorageError.unavailable("another refusal") }
                #expect(told.hasPrefix("can't connect") && told.contains(reason), "\(told)")
            }
        }
    }

    private static func isEncrypted(_ url: String) async throws -> Bool {
        guard let address = PostgreSQLAddress(uri: url) else { throw ScratchDatabaseError(message: "no address") }
        let database = try Database.open(
            postgreSQL: address, time: ManualTime(), committed: CommittedRecorder(), migrations: [])
        let isEncrypted: Bool? = try await database.read { try $0.value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") }
        await database.close()
        return isEncrypted ?? false
    }
}
