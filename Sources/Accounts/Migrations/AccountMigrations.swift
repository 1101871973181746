import Storage

/// The schema of the accounts: numbers 10 to 19.
public enum AccountMigrations {
    public static let all: [Migration] = [.accounts, .sessions, .placeAssignments, .givenPasswords]
}
