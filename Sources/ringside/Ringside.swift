import ArgumentParser
@main struct Ringside: ParsableCommand { mutating func run() {} }
