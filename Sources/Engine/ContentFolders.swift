import Columns
public import Content
public import Fields
public import Formats
import Foundation
import Glibc
import Matching
public import Risk
import SPL
public import Search

/// Content read from folders: detections and their kin, add-ons, data models, the ATT&CK table, incident rules.
public struct LoadedContent: Sendable {
    public var catalog: ContentCatalog
    public var addons: AddonSet
    public var dataModels: [DataModelDefinition]
    public var matrix: AttackMatrix
    /// Who names stand for, and what changes scores.
    public var scoring: RiskScoring
    /// The tables that searches may read: of the add-ons, and of definitions in YAML.
    public var lookups: LookupCatalog
    public var problems: [ContentProblem]
    /// Models that the baselines train, or that are stored.
    var trainedModels: Set<String> = []
    var stored = StoredSearchState()
    /// As ``SearchEnvironment/isPlain``.
    public var isPlain = false
    /// Where addresses are, for `iplocation`.
    var locations: LocationDatabase?
    /// Where the problems of the add-ons are kept; nil for nowhere.
    var addonProblemCache: AddonProblemCache?
    var scannerCache: WordScannerCache?

    /// As ``AddonSet/problems``, kept between runs.
    public var addonProblems: [AddonProblem] {
        addonProblemCache?.problems { addons.problems } ?? addons.problems
    }

    /// Opens a file in MaxMind's format for `iplocation`.
    /// - Throws: `EngineError` E810 for a file that is none.
    public mutating func openLocations(path: String) throws {
        do {
            locations = try LocationDatabase(path: path)
        } catch {
            throw EngineError(
                "E810", "GeoIP file '\(path)' cannot be used: \(error.message)",
                hint: "give a City database in MaxMind's format (.mmdb)")
        }
    }
}

/// Where content is looked for. Later folders win over earlier ones on equal names.
public struct ContentSearchPath: Sendable {
    public var folders: [String]
    /// Single content files, loaded after all folders.
    public var files: [String]

    public init(folders: [String], files: [String] = []) {
        self.folders = folders
        self.files = files
    }

    /// The shipped `rules/` and `risk/`: beside the executable in `../share/accrue`, else in the working directory.
    /// - Returns: nil when neither place has them.
    public static func shippedFolder(executable: String, workingDirectory: String) -> String? {
        let beside = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("share/accrue").path
        // A build tree keeps the executable in .build/<triple>/<configuration>/ of the checkout.
        var candidates = [beside, workingDirectory]
        var parent = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
            parent.deleteLastPathComponent()
            candidates.append(parent.path)
        }
        return candidates.first { isFolder($0 + "/rules") && isFolder($0 + "/risk") }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}

/// Reads content folders of every shape: our own layout, a security_content checkout, a Splunk app.
struct ContentFolderReader {
    private let cacheFolder: String?
    private let threadCount: Int
    private var loader = ContentLoader()
    private var addons = AddonSet()
    private var attackFiles: [(file: String, text: String)] = []
    private var problems: [ContentProblem] = []
    private var stored = StoredSearchState()
    private var entities = EntityLoader()
    /// Folders added so far; how many there are is the rank of the last one's add-ons and lookups.
    private var folders: [String] = []
    /// Paths and digests of all that add-ons may be made of.
    private var addonInputs: [UInt8] = []

    /// - Parameter cacheFolder: where parsed files are kept; nil for nowhere.
    init(cacheFolder: String?, threadCount: Int) {
        self.cacheFolder = cacheFolder
        self.threadCount = threadCount
    }

    /// - Throws: `EngineError` when the folder cannot be read.
    mutating func add(folder: String) throws {
        folders.append(folder)
        var paths: [String] = []
        try collect(folder, depth: 0, into: &paths)
        var apps: [String: AppFiles] = [:]
        let cache = cacheFolder.flatMap { ContentCache(of: folder, in: $0) }
        let files = ContentFileReader(cache: cache, threadCount: threadCount).read(paths)
        for (path, file) in zip(paths, files) { add(path, file, apps: &apps) }
        for app in apps.keys.sorted() {
            let files = apps[app]!
            addons.addLayer(app: app, rank: folders.count, confFiles: files.confFiles, lookups: files.lookups)
        }
    }

    mutating func add(file: String) {
        var apps: [String: AppFiles] = [:]
        for read in ContentFileReader(cache: nil, threadCount: 1).read([file]) { add(file, read, apps: &apps) }
    }

    /// - Throws: `EngineError` when the ATT&CK table is broken.
    consuming func finish() throws -> LoadedContent {
        let catalog = loader.catalog()
        for name in addons.zoneNames {
            guard let zone = TimeZoneRules.named(name) else { continue }
            addons.addZone(zone, name: name)
            addonInputs += name.utf8
        }
        let matrix = try attackMatrix()
        let entities = entities.tables()
        problems += entities.problems
        addons.addEntities(entities, rank: folders.count)
        let lookups = lookupCatalog(catalog)
        var content = LoadedContent(
            catalog: catalog, addons: addons, dataModels: catalog.dataModels.map(Self.definition), matrix: matrix,
            scoring: RiskScoring(
                matrix: matrix, resolver: EntityResolver(entities, stopValues: entities.stopValues),
                factors: try Self.factors(catalog)),
            lookups: lookups,
            problems: (catalog.problems + (matrix == .none ? [] : catalog.unknownTechniques(in: matrix)) + problems)
                .sorted())
        content.trainedModels = Self.trainedModels(catalog).union(stored.modelNames)
        content.stored = stored
        if let cacheFolder {
            content.addonProblemCache = AddonProblemCache(folders: folders, inputs: addonInputs, in: cacheFolder)
            content.scannerCache = WordScannerCache(folders: folders, cacheFolder: cacheFolder)
        }
        return content
    }

    /// - Throws: `EngineError` for a regular expression that cannot be read; the loader lets none through.
    private static func factors(_ catalog: ContentCatalog) throws -> RiskFactorSet {
        do {
            return try RiskFactorSet(catalog.riskFactors)
        } catch {
            throw EngineError("E812", "a risk factor's regular expression cannot be read: \(error.message)")
        }
    }

    private static func trainedModels(_ catalog: ContentCatalog) -> Set<String> {
        let macros = MacroTable(catalog.macros)
        return Set(
            catalog.baselines.flatMap { baseline -> [String] in
                guard let expanded = try? ExpandedSearch.expand(baseline.search, macros: macros),
                    let pipeline = try? Pipeline.parse(expanded.text)
                else { return [] }
                return FitCommand.modelNames(in: pipeline)
            })
    }

    /// Of definitions of one name the folder loaded later wins, YAML before transforms.conf in one folder.
    private mutating func lookupCatalog(_ catalog: ContentCatalog) -> LookupCatalog {
        var lookups = addons.lookups
        for definition in catalog.lookups {
            guard let transform = LookupTransform(definition) else {
                problems.append(.modelIsNoTable(definition))
                continue
            }
            let folder = folders.lastIndex { definition.file.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
            lookups.define(transform, rank: (folder ?? folders.count) + 1)
        }
        return lookups
    }

    private mutating func attackMatrix() throws -> AttackMatrix {
        guard let tactics = attackFiles.last(where: { $0.file.hasSuffix("tactics.csv") }),
            let techniques = attackFiles.last(where: { $0.file.hasSuffix("techniques.csv") })
        else {
            problems.append(
                ContentProblem(
                    file: "risk/attack", position: .start,
                    diagnostic: Diagnostic(
                        "E803", "no ATT&CK table is loaded, so risk events have no tactics",
                        hint: "keep attack/tactics.csv and attack/techniques.csv in one of the content folders",
                        severity: .warning)))
            return .none
        }
        do {
            return try AttackMatrix(tactics: tactics, techniques: techniques)
        } catch {
            throw EngineError("E803", "ATT&CK table cannot be read: \(error)")
        }
    }

    private static func definition(_ model: DataModel) -> DataModelDefinition {
        let names = Set(model.objects.map(\.name))
        return DataModelDefinition(
            name: model.name,
            datasets: model.objects.map { object in
                let calculations = object.calculations.map(calculation)
                return DataModelDefinition.Dataset(
                    name: object.name, parent: names.contains(object.parentName) ? object.parentName : nil,
                    constraints: object.constraints,
                    fields: object.fields.map(\.name) + calculations.flatMap(\.outputs), calculations: calculations)
            })
    }

    private static func calculation(_ calculation: DataModel.Calculation) -> DataModelDefinition.Calculation {
        func mapping(_ mapping: DataModel.Mapping) -> DataModelDefinition.Calculation.Mapping {
            .init(column: mapping.lookupField, field: mapping.field)
        }
        switch calculation {
        case .eval(let output, let expression): return .eval(field: output.name, expression: expression)
        case .lookup(let name, let inputs, let outputs):
            return .lookup(name: name, inputs: inputs.map(mapping), outputs: outputs.map(mapping))
        case .rex(let input, let expression, let outputs):
            return .rex(field: input, pattern: expression, outputs: outputs)
        }
    }

    private struct AppFiles {
        var confFiles: [(name: String, layer: AddonSet.Layer, text: [UInt8])] = []
        var lookups: [(name: String, csv: [UInt8])] = []
    }

    private mutating func add(_ path: String, _ file: ContentFileReader.File?, apps: inout [String: AppFiles]) {
        switch file {
        case .object(let object): loader.add(object)
        case .bytes(let bytes, let digest):
            if cacheFolder != nil {
                addonInputs += "\(folders.count)\n\(path)\n".utf8 + (digest.isEmpty ? SHA256.digest(bytes) : digest)
            }
            add(path, bytes, apps: &apps)
        case .problem(let problem): problems.append(problem)
        case nil: break
        }
    }

    private mutating func add(_ path: String, _ bytes: [UInt8], apps: inout [String: AppFiles]) {
        let place = ContentPath(path)
        let name = place.name
        let parent = place.parent
        let text = { String(decoding: bytes, as: UTF8.self) }
        let app = parent.parent.text
        switch place.fileExtension {
        case "conf" where ["macros.conf", "risk_factors.conf"].contains(name):
            loader.add(file: path, text: text())
        case "conf" where ["default", "local"].contains(parent.name):
            let layer: AddonSet.Layer = parent.name == "local" ? .local : .default
            apps[app, default: AppFiles()].confFiles.append((name, layer, bytes))
        case "csv" where parent.name == "lookups":
            apps[app, default: AppFiles()].lookups.append((name, bytes))
        case "csv" where parent.name == "entities":
            entities.add(file: path, csv: bytes)
        case "csv" where parent.name == "collections":
            stored.addCollection(place.stem, csv: bytes, file: path, &problems)
        case "json" where parent.name == "mlmodels":
            stored.addModel(place.stem, json: bytes, file: path, &problems)
        case "csv" where parent.name == "attack":
            attackFiles.append((path, text()))
        default:
            break
        }
    }

    private func collect(_ folder: String, depth: Int, into paths: inout [String]) throws {
        guard depth < 32 else { return }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw EngineError(
                "E805", "content folder '\(folder)' cannot be read: \(error.localizedDescription)",
                hint: "check the path given with --content")
        }
        for name in names where !name.hasPrefix(".") {
            let path = folder + "/" + name
            var info = stat()
            guard stat(path, &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                try collect(path, depth: depth + 1, into: &paths)
            } else {
                paths.append(path)
            }
        }
    }
}

extension LoadedContent {
    /// Reads `folders` in order; later ones win.
    ///
    /// - Parameter cacheFolder: where what files are parsed to is kept between runs; nil for nowhere. It changes nothing.
    /// - Throws: `EngineError` for a folder that cannot be read or a missing ATT&CK table.
    public init(path: ContentSearchPath, cacheFolder: String? = nil, threadCount: Int = 1) throws {
        var reader = ContentFolderReader(cacheFolder: cacheFolder, threadCount: threadCount)
        for folder in path.folders { try reader.add(folder: folder) }
        for file in path.files { reader.add(file: file) }
        self = try reader.finish()
    }

    /// What searches may use, with the clock of the job.
    public func environment(nowMicroseconds: Int64, zone: TimeZoneRules) -> SearchEnvironment {
        var environment = SearchEnvironment(
            macros: MacroTable(catalog.macros), dataModels: dataModels, lookups: lookups,
            nowMicroseconds: nowMicroseconds, zone: zone, locations: locations)
        environment.trainedModels = trainedModels
        environment.isPlain = isPlain
        return environment
    }

    /// The patterns that no detection fits.
    public func unmatchedPatterns(_ patterns: [String]) -> [String] {
        zip(patterns, catalog.detections(matching: patterns)).filter { $1.isEmpty }.map(\.0)
    }

    /// Detections that run: not the deprecated ones unless a pattern names them.
    func selectedDetections(_ patterns: [String]) -> [Detection] {
        if patterns.isEmpty { return catalog.detections.filter { $0.status != "deprecated" } }
        var seen: Set<String> = []
        return catalog.detections(matching: patterns).joined()
            .filter { seen.insert($0.file + "\n" + $0.name).inserted }.sorted { $0.name < $1.name }
    }
}
