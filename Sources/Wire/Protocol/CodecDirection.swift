/// What a transport can carry.
public enum CodecDirection: Hashable, Sendable {
    /// Commands and replies, and pushes wrapped so that they can be told from replies.
    case both
    /// Bare pushes (protocol A.2, the `uni_` endpoints). The one thing that a client says is a connect request, as the whole of its first
    /// frame, without a command around it; a connect push answers it.
    case down
}

extension Push {
    /// What a client that cannot ask is told in place of a reply; nil where it is told nothing, because the connection ends with a code
    /// instead.
    init?(insteadOf reply: Reply) {
        guard case .connect(let result) = reply.body else { return nil }
        self.init(body: .connect(result))
    }
}

/// What holds for the frames of clients in every form.
enum CommandFrame {
    /// The commands of one frame: many more than a client pipelines, and a bound on what a frame of one-byte commands grows to.
    static let commandsMax = 4_096

    /// The id of a connect command that came without one.
    static let implicitID: UInt32 = 1
}
