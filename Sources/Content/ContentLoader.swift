import Columns
import SPL

/// Turns content files into one catalog. Files are added in the order of their precedence: later ones win.
///
/// A file that cannot be loaded is reported and left out; it never stops the others. Nothing is read from disk here.
public struct ContentLoader: Sendable {
    private var detections: [String: (value: Detection, schedule: ScheduleChoice)] = [:]
    private var baselines: [String: (value: Baseline, schedule: ScheduleChoice)] = [:]
    private var incidentRules: [String: (value: IncidentRule, schedule: ScheduleChoice)] = [:]
    private var riskFactors: [Text: RiskFactor] = [:]
    private var macros: [MacroKey: MacroPlace] = [:]
    private var lookups: [String: LookupDefinition] = [:]
    private var stories: [String: Story] = [:]
    private var dataSources: [String: DataSource] = [:]
    private var schedules: [String: NamedSchedule] = [:]
    private var deployments: [String: Deployment] = [:]
    private var dataModels: [String: DataModel] = [:]
    private var macroConfs: [String: MacrosConf] = [:]
    private var problems: [ContentProblem] = []

    /// Splunk tells macros apart by name and number of arguments together.
    private struct MacroKey: Hashable {
        var name: String
        var argumentCount: Int
    }

    public init() {}

    /// Reads one file: YAML content, a data model's JSON, or an app's `macros.conf`, told by the name's ending.
    ///
    /// - Parameter file: the name that problems and `--rule` use; its folders help to tell kinds apart, and
    ///   `APP/default/macros.conf` and `APP/local/macros.conf` of one APP are laid over each other.
    public mutating func add(file: String, text: String) {
        let lastName = file.split(separator: "/").last ?? ""
        guard lastName.lowercased().hasSuffix(".conf") else { return add(ContentFile(name: file, text: text)) }
        var report = ContentReport(file: file)
        addConf(lastName: String(lastName), text: text, &report)
        problems += report.problems
    }

    /// Adds a file that was read already.
    public mutating func add(_ file: ContentFile) {
        var report = file.report
        if let object = file.object { add(object, at: file.position, &report) }
        problems += report.problems
    }

    /// What has been loaded so far, with schedules resolved.
    public func catalog() -> ContentCatalog {
        var report = ContentReport(file: "")
        var problems = problems
        var catalog = ContentCatalog()
        catalog.detections = detections.values.map { detection, choice in
            var detection = detection
            let fallback = deployments[detection.type.text]?.schedule
            detection.schedule = resolve(
                choice, file: detection.file, &problems,
                fallback: (detection.generation == .finding ? nil : fallback)
                    ?? schedules[NamedSchedule.detectionDefaultName]?.schedule ?? .detectionDefault)
            return detection
        }.sorted { $0.name < $1.name }
        catalog.baselines = baselines.values.map { baseline, choice in
            var baseline = baseline
            baseline.schedule = resolve(
                choice, file: baseline.file, &problems,
                fallback: deployments[Detection.Kind.baseline.text]?.schedule
                    ?? schedules[NamedSchedule.baselineDefaultName]?.schedule ?? .baselineDefault)
            return baseline
        }.sorted { $0.name < $1.name }
        catalog.incidentRules = incidentRules.values.map { rule, choice in
            var rule = rule
            rule.schedule = resolve(choice, file: rule.file, &problems, fallback: .detectionDefault)
            return rule
        }.sorted { $0.name < $1.name }
        catalog.riskFactors = riskFactors.values.sorted { Text($0.name) < Text($1.name) }
        catalog.macroPlaces = macros.values.sorted {
            ($0.macro.name, $0.macro.arguments.count) < ($1.macro.name, $1.macro.arguments.count)
        }
        catalog.lookups = lookups.values.sorted { $0.name < $1.name }
        catalog.stories = stories.values.sorted { $0.name < $1.name }
        catalog.dataSources = dataSources.values.sorted { $0.name < $1.name }
        catalog.schedules = schedules.values.sorted { $0.name < $1.name }
        catalog.dataModels = dataModels.values.sorted { $0.name < $1.name }
        reportSharedIDs(catalog.detections, &report)
        catalog.problems = (problems + report.problems).sorted()
        return catalog
    }

    // MARK: Adding

    private mutating func addConf(lastName: String, text: String, _ report: inout ContentReport) {
        guard lastName.lowercased() != "risk_factors.conf" else {
            report.warning(
                ContentCode.unknownObject,
                "'\(shortened(lastName))' is not read: its settings are not known here",
                at: .start, hint: "write each risk factor as a YAML file; risk/factors/README.md has the keys")
            return
        }
        guard lastName.lowercased() == "macros.conf" else {
            report.error(
                ContentCode.unknownObject, "'\(shortened(lastName))' is not content", at: .start,
                hint: "of an app's .conf files, macros.conf is content; props, transforms and others describe fields")
            return
        }
        guard text.utf8.count <= YAMLReader.maximumBytes else {
            report.error(
                ContentCode.tooLarge, "file has \(text.utf8.count) bytes, more than \(YAMLReader.maximumBytes)",
                at: .start)
            return
        }
        let folders = report.file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let isLayer = folders.last == "default" || folders.last == "local"
        let app = (isLayer ? folders.dropLast() : folders).joined(separator: "/")
        for (macro, line) in macroConfs[app, default: MacrosConf()].add(text, &report) {
            let position = TextPosition(line: line, column: 1)
            addMacro(macro, TextOrigin(position: position), at: position, &report)
        }
    }

    private mutating func add(_ object: ContentFile.Object, at position: TextPosition, _ report: inout ContentReport) {
        switch object {
        case .detection(let detection, let schedule):
            let name = detection.name
            noteOverride("detection", name, detections[name]?.value.file, at: position, &report)
            detections[name] = (detection, schedule)
        case .baseline(let baseline, let schedule):
            let name = baseline.name
            noteOverride("baseline", name, baselines[name]?.value.file, at: position, &report)
            baselines[name] = (baseline, schedule)
        case .incidentRule(let rule, let schedule):
            let name = rule.name
            noteOverride("incident rule", name, incidentRules[name]?.value.file, at: position, &report)
            incidentRules[name] = (rule, schedule)
        case .riskFactor(let factor):
            let name = Text(factor.name)
            noteOverride("risk factor", factor.name, riskFactors[name]?.file, at: position, &report)
            riskFactors[name] = factor
        case .macro(let macro, let origin):
            addMacro(macro, origin, at: position, &report)
        case .lookup(let lookup):
            noteOverride("lookup", lookup.name, lookups[lookup.name]?.file, at: position, &report)
            lookups[lookup.name] = lookup
        case .story(let story):
            noteOverride("story", story.name, stories[story.name]?.file, at: position, &report)
            stories[story.name] = story
        case .dataSource(let dataSource):
            let name = dataSource.name
            noteOverride("data source", name, dataSources[name]?.file, at: position, &report)
            dataSources[name] = dataSource
        case .schedule(let schedule):
            noteOverride("schedule", schedule.name, schedules[schedule.name]?.file, at: position, &report)
            schedules[schedule.name] = schedule
        case .deployment(let deployment):
            let type = deployment.type.text
            noteOverride("deployment of type", type, deployments[type]?.file, at: position, &report)
            deployments[type] = deployment
        case .dataModel(let model):
            noteOverride("data model", model.name, dataModels[model.name]?.file, at: position, &report)
            dataModels[model.name] = model
        }
    }

    private mutating func addMacro(
        _ macro: MacroDefinition, _ origin: TextOrigin, at position: TextPosition, _ report: inout ContentReport
    ) {
        let key = MacroKey(name: macro.name, argumentCount: macro.arguments.count)
        if let old = macros[key], old.macro != macro {
            let name = "\(macro.name)(\(macro.arguments.count))"
            noteOverride("macro", name, old.file, at: position, &report)
        }
        macros[key] = MacroPlace(macro: macro, origin: origin, file: report.file)
    }

    private func noteOverride(
        _ kind: String, _ name: String, _ earlierFile: String?, at position: TextPosition,
        _ report: inout ContentReport
    ) {
        guard let earlierFile else { return }
        report.note(
            ContentCode.override, "\(kind) '\(shortened(name))' replaces the one in \(earlierFile)", at: position,
            hint: "rename one of them to keep both")
    }

    // MARK: Resolving

    private func resolve(
        _ choice: ScheduleChoice, file: String, _ problems: inout [ContentProblem], fallback: Schedule
    ) -> Schedule {
        switch choice {
        case .given(let schedule): return schedule
        case .none: return fallback
        case .named(let name, let position):
            if let schedule = schedules[name]?.schedule { return schedule }
            if name == NamedSchedule.detectionDefaultName { return .detectionDefault }
            if name == NamedSchedule.baselineDefaultName { return .baselineDefault }
            let diagnostic = Diagnostic(
                ContentCode.unknownSchedule, "unknown schedule '\(shortened(name))'; the default is used",
                hint: NearestName.find(name, in: schedules.keys.sorted()).map { "did you mean '\($0)'?" }
                    ?? "add a file with 'name: \(shortened(name))' and 'cron_schedule'",
                severity: .warning)
            problems.append(ContentProblem(file: file, position: position, diagnostic: diagnostic))
            return fallback
        }
    }

    /// What is stored refers to rules by id: two rules of one id would be taken for one.
    private func reportSharedIDs(_ detections: [Detection], _ report: inout ContentReport) {
        var firstByID: [String: Detection] = [:]
        for detection in detections {
            guard let first = firstByID.updateValue(detection, forKey: detection.id) else { continue }
            let diagnostic = Diagnostic(
                ContentCode.sharedID,
                "detections '\(shortened(first.name))' and '\(shortened(detection.name))' share the id "
                    + "'\(shortened(detection.id))'",
                hint: "give one of them a new UUID", severity: .warning)
            report.add(ContentProblem(file: detection.file, position: .start, diagnostic: diagnostic))
        }
    }
}
