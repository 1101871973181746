import Foundation

/// A program that judges what Ringside has written. Input and output go through files, so that neither side can wait for the other.
public struct ForeignProgram: Sendable {
    public let path: String

    /// The program of that name in the search path; nil when it is not installed.
    public static func named(_ name: String) -> Self? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let path = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        return path.map(Self.init)
    }

    /// The Python that `scripts/setup.sh` makes, else the system's; nil unless it has all of the modules.
    public static func python(with modules: String...) -> Self? {
        let own = Repository.file(".setup/python/bin/python").path(percentEncoded: false)
        let candidates = [FileManager.default.isExecutableFile(atPath: own) ? Self(path: own) : nil, named("python3")]
        return candidates.compactMap(\.self).first { python in
            (try? python.run(["-c", "import sys, " + modules.joined(separator: ", ")], input: [])) != nil
        }
    }

    /// - Parameter environment: beside what this process has.
    /// - Returns: what the program wrote.
    /// - Throws: ``Failure`` when it ended with another status than zero.
    public func run(_ arguments: [String], input: [UInt8], environment: [String: String] = [:]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "foreign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (inputFile, outputFile) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try Data(input).write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(path: path, status: process.terminationStatus) }
        return Array(try Data(contentsOf: outputFile))
    }

    /// Runs a script of `scripts/` with this interpreter.
    ///
    /// - Returns: the lines it wrote.
    public func lines(
        of script: String, _ arguments: [String] = [], input: String, environment: [String: String] = [:]
    ) throws -> [Substring] {
        let path = Repository.file("scripts/\(script)").path(percentEncoded: false)
        return String(decoding: try run([path] + arguments, input: Array(input.utf8), environment: environment), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    }

    public struct Failure: Error {
        public let path: String
        public let status: Int32
    }
}
