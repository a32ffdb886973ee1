// The layers of the package, lowest first: the one table that the import test and the manifest test read.
// SwiftPM does not stop a target from importing what came in through another one, so a test does.

/// One target under Sources/ and all that its files may import.
struct Layer {
    var name: String
    var level: Int
    /// Targets of ours, each of a lower level.
    var imports: [String] = []
    /// Products of other packages; each belongs to one layer only.
    var products: [String] = []
    var mayUseFoundation = false
}

let layers: [Layer] = [
    Layer(name: "CCrypto", level: 0),
    Layer(name: "CMaxMind", level: 0),
    Layer(name: "CPCRE2", level: 0),
    Layer(name: "CSimdjson", level: 0),
    Layer(name: "CVectorscan", level: 0),
    Layer(name: "CZlib", level: 0),
    Layer(name: "CZstd", level: 0),
    Layer(name: "Columns", level: 0),
    Layer(name: "SPL", level: 0),
    Layer(name: "Formats", level: 1, imports: ["CCrypto", "CSimdjson", "Columns"]),
    Layer(name: "Matching", level: 1, imports: ["CMaxMind", "CPCRE2", "CVectorscan", "Columns"]),
    Layer(
        name: "Content", level: 2, imports: ["Columns", "Formats", "Matching", "SPL"], products: ["Yams"],
        mayUseFoundation: true),
    Layer(
        name: "RiskIndex", level: 2, imports: ["Columns", "Formats"], products: ["GRDB", "GRDBSQLite"],
        mayUseFoundation: true),
    Layer(name: "Search", level: 2, imports: ["Columns", "Formats", "Matching", "SPL"]),
    Layer(name: "Fields", level: 3, imports: ["Columns", "Formats", "Matching", "SPL", "Search"]),
    Layer(name: "Ingest", level: 3, imports: ["CZlib", "CZstd", "Columns", "Formats", "Matching"]),
    Layer(name: "Risk", level: 3, imports: ["Columns", "Content", "Formats", "Matching", "RiskIndex", "Search"]),
    Layer(
        name: "Engine", level: 4,
        imports: [
            "Columns", "Content", "Fields", "Formats", "Ingest", "Matching", "Risk", "RiskIndex", "SPL", "Search",
        ],
        mayUseFoundation: true),
    Layer(name: "Bench", level: 5, imports: ["Columns", "Formats"], mayUseFoundation: true),
    Layer(
        name: "Reports", level: 5, imports: ["Columns", "Engine", "Fields", "Formats", "Risk", "RiskIndex"],
        mayUseFoundation: true),
    Layer(
        name: "accrue", level: 6,
        imports: [
            "Bench", "Columns", "Content", "Engine", "Fields", "Formats", "Ingest", "Reports", "Risk", "RiskIndex",
            "SPL", "Search",
        ],
        products: ["ArgumentParser"], mayUseFoundation: true),
]

/// What every layer may import: the C library, threads, and the standard library's own modules.
let systemModules: Set<String> = ["Dispatch", "Glibc", "Synchronization"]

let foundationModules: Set<String> = ["Foundation", "FoundationEssentials", "FoundationInternationalization"]

/// The one layer that may use each C library.
let ownersOfLibraries = [
    "CCrypto": "Formats",
    "CMaxMind": "Matching",
    "CPCRE2": "Matching",
    "CSimdjson": "Formats",
    "CVectorscan": "Matching",
    "CZlib": "Ingest",
    "CZstd": "Ingest",
]
