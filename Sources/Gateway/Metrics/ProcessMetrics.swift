import Foundation
import Glibc
import NIOPosix

/// What the system knows of this process: memory, time, descriptors. Read from `/proc`; where there is none, there are no figures.
struct ProcessMetrics: MetricsSource {
    /// Of the build.
    let version: String

    func families() async -> [MetricFamily] {
        let build = MetricFamily(.buildInfo, [MetricSample(version, 1)])
        // With many connections the descriptors are a long list, and an event loop has better things to do.
        let process = try? await NIOThreadPool.singleton.runIfActive { Self.read() }
        return (process ?? []) + [build]
    }

    private static func read() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let text = contents(of: "/proc/self/stat"), let status = ProcessStatus(text) {
            let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
            families += [
                MetricFamily(.cpu, [MetricSample([], .number(Double(status.cpuTicks) / ticks))]),
                MetricFamily(.residentMemory, status.residentPages * max(1, sysconf(Int32(_SC_PAGESIZE)))),
                MetricFamily(.virtualMemory, status.virtualBytes),
            ]
            if let bootSeconds = contents(of: "/proc/stat").flatMap(ProcessStatus.bootSeconds) {
                let start = bootSeconds + Double(status.startTicks) / ticks
                families.append(MetricFamily(.startTime, [MetricSample([], .number(start))]))
            }
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            families.append(MetricFamily(.descriptors, descriptors.count))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            families.append(MetricFamily(.descriptorsMax, limit.rlim_cur))
        }
        return families
    }

    private static func contents(of path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The fields of `/proc/self/stat` that are of interest (proc_pid_stat(5)).
struct ProcessStatus {
    let cpuTicks: Int
    let startTicks: Int
    let virtualBytes: Int
    let residentPages: Int

    /// Nil for what is no such line.
    init?(_ line: String) {
        // The second field is the program's name in parentheses, which may hold anything, parentheses included.
        guard let nameEnd = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: nameEnd)...].split(whereSeparator: \.isWhitespace)
        func field(_ number: Int) -> Int? { fields.indices.contains(number - 3) ? Int(fields[number - 3]) : nil }
        guard let user = field(14), let system = field(15), let start = field(22), let bytes = field(23), let pages = field(24) else {
            return nil
        }
        cpuTicks = user + system
        startTicks = start
        virtualBytes = bytes
        residentPages = pages
    }

    /// When the system began, since 1970, from `/proc/stat`.
    static func bootSeconds(_ text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst("btime ".count)) }
    }
}
