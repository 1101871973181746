import Core
import Wire

/// The meeting rooms' answers: `{data, status, timestamp}`, and refusals whose message holds a message.
struct RoomsEnvelope: Envelope {
    func wrap(_ body: [UInt8]?, at instant: Instant) -> [UInt8]? {
        var bytes = Array("{".utf8)
        if let body {
            bytes += #""data":"#.utf8
            bytes += body
            bytes += ",".utf8
        }
        bytes += #""status":"success","timestamp":"\#(Timestamp(instant))"}"#.utf8
        return bytes
    }

    func schema<Response: Decodable>(wrapping response: Response.Type) -> Schema { Schema(describing: Answer<Response>.self) }

    /// The document knows 400 alone for parameters that are wrong. What the transport itself refuses has one status on all surfaces.
    func kind(of error: any DomainError) -> ErrorKind {
        error.kind == .invalid && !(error is RequestError) ? .malformed : error.kind
    }

    func refusal(_ problem: Problem, at instant: Instant) throws -> [UInt8]? {
        try JSONByteEncoder().encode(Refusal(problem, at: instant))
    }

    var refusalSchema: Schema? { Schema(describing: Refusal.self) }
}

/// What ``RoomsEnvelope/wrap(_:at:)`` writes.
private struct Answer<Payload: Decodable>: Decodable {
    enum Status: String, CaseIterable, Decodable {
        case success
    }

    let data: Payload
    let status: Status
    let timestamp: Timestamp
}
