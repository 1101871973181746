import SeededRandom

/// Requests with something wrong in them, the same in every run.
struct RequestMutations: Sendable {
    private let seed: UInt64
    private let sound: [[UInt8]]

    init(seed: UInt64, token: String, slot: Int64) {
        self.seed = seed
        func request(_ line: String, _ headers: [String] = [], _ body: String = "") -> [UInt8] {
            let lines = ["\(line) HTTP/1.1", "Host: ringside", "Authorization: Bearer \(token)"] + headers
            return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        }
        func sending(_ line: String, _ body: String) -> [UInt8] {
            request(line, ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"], body)
        }
        sound = [
            request("GET /api/v1/venues?limit=10&status=open&q=Gym"),
            request("GET /api/v1/venues/1/calendar?start_date=2026-07-01&end_date=2026-07-31", ["Accept: application/json"]),
            request("GET /api/v1/users/me", ["X-Request-ID: mutation-1", "Origin: https://club.example"]),
            request("GET /api/v1/reservations?from=2026-07-01T00:00:00Z&limit=5"),
            request("DELETE /api/v1/reservations/1"),
            request("OPTIONS /api/v1/reservations", ["Access-Control-Request-Method: POST"]),
            sending("POST /api/v1/reservations", #"{"time_slot_id":\#(slot)}"#),
            sending("POST /api/v1/users/register", #"{"username":"mutant","email":"mutant@example.org","password":"Mutant-pass-1"}"#),
            sending("PUT /api/v1/users/me", #"{"phone":"+86 10 1234 5678","email":"ana@example.net"}"#),
            sending("POST /api/v1/users/token", #"{"refresh_token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#),
            sending("POST /api/v1/venues/1/check-conflict", #"{"start":"2026-07-02T10:00:00+08:00","end":"2026-07-02T11:00:00+08:00"}"#),
            request(
                "POST /api/v1/reservations", ["Content-Type: application/json", "Transfer-Encoding: chunked", "Idempotency-Key: mutant"],
                "f\r\n{\"time_slot_id\"\r\n3\r\n:1}\r\n0\r\n\r\n"
            ),
            request(
                "GET /connection/websocket",
                ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
            ),
        ]
    }

    func request(_ number: Int) -> [UInt8] {
        var random = SplitMix64(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        var bytes = sound[number % sound.count]
        for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
        return bytes
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: bytes.indices, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...24, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = [0, 0x0A, 0x0D, 0x20, 0x22, 0x25, 0x2C, 0x3A, 0x7F, 0xFF].randomElement(using: &random) ?? 0
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.insert(contentsOf: (place..<end).map { _ in UInt8.random(in: .min ... .max, using: &random) }, at: place)
        case 5: bytes.removeSubrange(place...)
        case 6:
            let other = sound[Int.random(in: sound.indices, using: &random)]
            bytes.replaceSubrange(place..., with: other[Int.random(in: other.indices, using: &random)...])
        default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &random))
        }
    }
}
