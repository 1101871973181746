import Testing

@testable import Gateway

@Suite struct ProcessStatusTests {
    private static func line(name: String) -> String {
        "4242 (\(name)) S 1 4242 4242 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 123456 734003200 2048 18446744073709551615 1 1\n"
    }

    @Test(arguments: ["ringside", "a b", "x) R 1 2 3", "(("])
    func `the fields are found behind any name`(name: String) throws {
        let status = try #require(ProcessStatus(Self.line(name: name)))
        #expect(status.cpuTicks == 300)
        #expect(status.startTicks == 123_456)
        #expect(status.virtualBytes == 734_003_200)
        #expect(status.residentPages == 2_048)
    }

    @Test(arguments: ["", "4242 ringside S", "4242 (ringside) S 1 2 3", "1 (a) S" + String(repeating: " x", count: 40)])
    func `what is no such line is none`(line: String) {
        #expect(ProcessStatus(line) == nil)
    }

    @Test func `the system's start is a line of its own`() {
        #expect(ProcessStatus.bootSeconds("cpu 1 2 3\nbtime 1781234567\nprocesses 9\n") == 1_781_234_567)
        #expect(ProcessStatus.bootSeconds("cpu 1 2 3\n") == nil)
    }

    @Test func `this process has memory, time and descriptors`() async throws {
        let families = await ProcessMetrics(version: "1.2.3").families()
        for metric in [Metric.cpu, .residentMemory, .virtualMemory, .descriptors, .descriptorsMax, .startTime] {
            let family = try #require(families.first { $0.metric == metric }, "\(metric.name)")
            guard case .number(let value) = try #require(family.samples.first).value else {
                Issue.record("\(metric.name) is no number")
                continue
            }
            #expect(value > 0, "\(metric.name)")
        }
        #expect(families.last?.samples.first?.labels == ["1.2.3"])
    }
}
