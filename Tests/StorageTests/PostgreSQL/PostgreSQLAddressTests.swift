import Core
import Storage
import Testing

@Suite struct PostgreSQLAddressTests {
    @Test(arguments: [
        ("postgres://ringside:s3cret@db.example:6432/club", "postgres://db.example:6432/club"),
        ("postgresql://ringside:s3cret@db.example/club?sslmode=verify-full&connect_timeout=3", "postgres://db.example/club"),
        ("postgres://a,b:5433/club?target_session_attrs=read-write&password=s3cret", "postgres://a,b/club"),
        ("postgres://ringside:s3cret@%2Fvar%2Frun%2Fpostgresql/club", "postgres:///var/run/postgresql/club"),
        ("postgres:///club?host=/tmp&user=ringside&password=s3cret", "postgres:///tmp/club"),
        ("postgres://[::1]:5432/club", "postgres://::1:5432/club"),
    ])
    func `every form of address is read, and none is printed with its password`(uri: String, printed: String) throws {
        let address = try #require(PostgreSQLAddress(uri: uri))
        #expect(address.description == printed)
        #expect(!String(reflecting: address.description).contains("s3cret"))
    }

    @Test(arguments: [
        "mysql://here", "postgres://u:s3cret@host/x?sslmode", "postgres://host/x?no_such_word=1", "host=here dbname=x", "postgres://[::1/x",
    ])
    func `what libpq does not read is refused`(uri: String) {
        #expect(PostgreSQLAddress(uri: uri) == nil)
    }

    @Test func `a database that is away is told without the password`() throws {
        let address = try #require(PostgreSQLAddress(uri: "postgres://ringside:s3cret@127.0.0.1:1/club?connect_timeout=2"))
        let error = try #require(throws: StorageError.self) {
            try Database.open(postgreSQL: address, time: ManualTime(), committed: CommittedRecorder(), migrations: [])
        }
        guard case .unavailable(let reason) = error else { throw error }
        #expect(reason.contains("127.0.0.1") && !reason.contains("s3cret"))
    }
}
