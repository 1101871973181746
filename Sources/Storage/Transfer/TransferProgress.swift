/// Counts rows and tells now and then how far it is.
struct TransferProgress {
    private static let rowsPerStep = 1_024

    private let tell: SQLiteBackup.Progress
    private var stage = ""
    private var done = 0
    private var total = 0

    init(_ tell: @escaping SQLiteBackup.Progress) {
        self.tell = tell
    }

    mutating func begin(_ stage: String, rows total: Int) {
        self.stage = stage
        self.total = total
        done = 0
        tell(stage, 0, total)
    }

    mutating func step() {
        done += 1
        if done.isMultiple(of: Self.rowsPerStep) { tell(stage, min(done, total), total) }
    }

    func end() {
        tell(stage, total, total)
    }
}
