/// A password for the first administrator, to be printed once: 20 characters that can't be mistaken for each other, some 115 bits.
enum RandomPassword {
    private static let alphabet = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        while true {
            let password = String((0..<20).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
            // The rules on passwords ask for more than letters.
            if password.contains(where: \.isNumber), password.contains(where: \.isLetter) { return password }
        }
    }
}
