import Client

extension UpgradedSocket {
    /// The lines of the text frames that come next, until there are so many.
    func lines(_ count: Int) async throws -> [String] {
        var lines: [String] = []
        while lines.count < count {
            let frame = try await receive()
            guard frame.opcode == RawFrame.Opcode.text else { throw ClientError.unexpectedMessage }
            lines += frame.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        return lines
    }

    /// Opens a socket, sends each text in a frame of its own, and tells the code that the server closes with.
    static func closeCode(port: Int, after texts: [String]) async throws -> UInt16? {
        let socket = try await connect(port: port)
        // In one write: the server may hang up after the first of them.
        try await socket.socket.write(texts.flatMap { RawFrame.text($0).bytes })
        let code = try await socket.receiveClose()
        await socket.close()
        return code
    }
}
