// swift-tools-version: 6.2
import PackageDescription

// Coverage-guided fuzzing (libFuzzer, part of the toolchain) of the search layer. A package of its own, because every
// target must be built with coverage; Sources/ holds links to the real targets. Run it with Tests/Fuzz/run.py.

let sanitizers = ["-sanitize=fuzzer,address"]

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CMaxMind", pkgConfig: "libmaxminddb"),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8"),
        .systemLibrary(name: "CVectorscan", pkgConfig: "libhs"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "Columns"),
        .target(name: "SPL"),
        .target(name: "Formats", dependencies: ["Columns", "CSimdjson", "CCrypto"]),
        .target(name: "Matching", dependencies: ["Columns", "CMaxMind", "CPCRE2", "CVectorscan"]),
        .target(name: "Search", dependencies: ["SPL", "Columns", "Formats", "Matching"]),
        .target(name: "FuzzDriver"),
        .executableTarget(name: "FuzzParser", dependencies: ["FuzzDriver", "SPL"]),
        .executableTarget(name: "FuzzEvaluator", dependencies: ["FuzzDriver", "Search", "SPL", "Columns", "Formats"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

for target in package.targets where [.regular, .executable].contains(target.type) {
    guard target.name != "CSimdjson" else { continue }
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .unsafeFlags(sanitizers + (target.type == .executable ? ["-parse-as-library"] : [])),
    ]
    if target.type == .executable { target.linkerSettings = [.unsafeFlags(sanitizers + ["-use-ld=lld"])] }
}
