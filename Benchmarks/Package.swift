// swift-tools-version: 6.2
import PackageDescription

// Load generators and the peer that Ringside is measured against: plain C on epoll, without a dependency but zlib and
// OpenSSL, so that the measuring side costs as little as it can and builds in seconds.

let package = Package(
    name: "Benchmarks",
    targets: [
        .target(name: "Load"),
        .executableTarget(name: "httpload", dependencies: ["Load"]),
        .executableTarget(name: "wsfan", dependencies: ["Load"]),
        .executableTarget(name: "epollfan", dependencies: ["Load"]),
        .executableTarget(name: "wsload", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    ],
    cLanguageStandard: .gnu11
)
