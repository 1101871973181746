import Client
import ServerTesting

/// Requests as bytes, and what comes back for them.
enum RawExchange {
    /// A request with a body, whole and sound.
    static func post(_ path: String, token: String, body: String, headers: [String] = []) -> String {
        let lines =
            [
                "POST \(path) HTTP/1.1", "Host: ringside", "Authorization: Bearer \(token)", "Content-Type: application/json",
                "Content-Length: \(body.utf8.count)",
            ] + headers
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// Sends the bytes and then nothing more. Everything the server says until it ends the connection.
    static func answer(to bytes: [UInt8], port: Int) async throws -> [UInt8] {
        let socket = try await RawSocket.connect(port: port)
        do {
            // The server may have had enough before everything is sent.
            try? await socket.write(bytes)
            try? await socket.closeWriting()
            let answer = try await socket.readToEnd()
            await socket.close()
            return answer
        } catch {
            await socket.close()
            throw error
        }
    }

    /// The status of each answer to the text, in order.
    static func statuses(of text: String, port: Int) async throws -> [Int] {
        statuses(in: try await answer(to: Array(text.utf8), port: port))
    }

    static func statuses(in answer: [UInt8]) -> [Int] {
        String(decoding: answer, as: UTF8.self).split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst()
            .compactMap { Int($0.prefix(3)) }.filter { $0 >= 200 }
    }
}
