/// Who books: an account for each member, and one for each booking of the guest.
public struct ClubRoster: Hashable, Sendable {
    /// What is sent to register somebody. Nothing but the name is a real person's.
    public struct Account: Hashable, Sendable {
        public let username: String
        public let email: String
        public let phone: String
    }

    public let accounts: [Account]
    /// For each of the club's bookings, in their order, whose it is.
    public let ownerOfBooking: [Int]

    public init(_ club: ClubData) {
        var accounts: [Account] = []
        var indexOfMember: [Int: Int] = [:]
        for member in club.members {
            indexOfMember[member.id] = accounts.count
            accounts.append(Account(named: "\(member.firstName)_\(member.surname)_\(member.id)", number: accounts.count))
        }
        ownerOfBooking = club.bookings.map { booking in
            if let member = indexOfMember[booking.memberID] { return member }
            accounts.append(Account(named: "guest_\(booking.id)", number: accounts.count))
            return accounts.count - 1
        }
        self.accounts = accounts
    }
}

extension ClubRoster.Account {
    /// - Parameter number: makes e-mail address and telephone number unique; both are made up.
    init(named name: String, number: Int) {
        username = String(name.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" })
        email = "\(username)@club.example"
        let digits = String(number)
        phone = "139" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
}
