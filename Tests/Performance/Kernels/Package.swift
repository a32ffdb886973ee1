// swift-tools-version: 6.2
import PackageDescription

// Instructions a row of single commands over a batch in memory. A package of its own: nothing else needs it built.
// Sources/ holds links to the real targets. Run it with Tests/Performance/bench_kernels.py.

let package = Package(
    name: "kernels",
    targets: [
        .systemLibrary(name: "CMaxMind", pkgConfig: "libmaxminddb"),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8"),
        .systemLibrary(name: "CVectorscan", pkgConfig: "libhs"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .target(
            name: "CSimdjson", cxxSettings: [.unsafeFlags(["-O3", "-DNDEBUG"])],
            linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "Columns"),
        .target(name: "SPL"),
        .target(name: "Formats", dependencies: ["Columns", "CSimdjson", "CCrypto"]),
        .target(name: "Matching", dependencies: ["Columns", "CMaxMind", "CPCRE2", "CVectorscan"]),
        .target(name: "Search", dependencies: ["SPL", "Columns", "Formats", "Matching"]),
        .executableTarget(name: "KernelBench", dependencies: ["Search", "SPL", "Columns", "Formats"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

for target in package.targets where [.regular, .executable].contains(target.type) && target.name != "CSimdjson" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
    ]
}
