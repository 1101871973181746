import Core
import Wire

/// What an rpc is answered with: the status that HTTP would have had, and the body without a surface's envelope.
struct CallAnswer {
    let status: Int
    private let body: [UInt8]?

    init(_ answer: EndpointAnswer) {
        status = answer.status
        body = answer.body
    }

    /// - Throws: `EncodingError`, never for a problem of ours.
    init(_ problem: Problem) throws {
        status = problem.status
        body = try JSONByteEncoder().encode(problem)
    }

    var json: RawJSON {
        var bytes = Array(#"{"status":\#(status)"#.utf8)
        if let body {
            bytes += #","body":"#.utf8
            bytes += body
        }
        bytes.append(UInt8(ascii: "}"))
        return RawJSON(bytes: bytes)
    }
}
