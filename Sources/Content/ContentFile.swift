import SPL

/// A content file read by itself, which files can be at the same time. What other files do to it, such as an earlier
/// object of its name or a schedule that it names, is for ``ContentLoader``, which takes files in order.
public struct ContentFile: Sendable {
    indirect enum Object: Sendable {
        case detection(Detection, ScheduleChoice)
        case baseline(Baseline, ScheduleChoice)
        case incidentRule(IncidentRule, ScheduleChoice)
        case riskFactor(RiskFactor)
        case macro(MacroDefinition, TextOrigin)
        case lookup(LookupDefinition)
        case story(Story)
        case dataSource(DataSource)
        case schedule(NamedSchedule)
        case deployment(Deployment)
        case dataModel(DataModel)
    }

    /// Nil for a file that is left out.
    private(set) var object: Object?
    /// Where the object starts.
    private(set) var position = TextPosition.start
    private(set) var report: ContentReport

    /// Reads YAML content, or a data model's JSON, told by the name's ending.
    ///
    /// - Parameter name: what problems and `--rule` use; its folders help to tell kinds apart.
    public init(name: String, text: String) {
        do throws(ContentProblem) {
            self.init(name: name, text: text, tree: try ContentTree(text, file: name))
        } catch {
            self.init(name: name, problem: error)
        }
    }

    /// A file that is left out.
    public init(name: String, problem: ContentProblem) {
        report = ContentReport(file: name)
        report.add(problem)
    }

    /// - Parameter tree: what `text` is parsed to.
    public init(name: String, text: String, tree: ContentTree) {
        report = ContentReport(file: name)
        guard let root = tree.root else {
            report.error(ContentCode.unknownObject, "file is empty", at: .start, hint: ContentKind.expectation)
            return
        }
        position = root.position
        object = Self.object(root, text, &report)
    }

    private static func object(_ root: YAMLNode, _ text: String, _ report: inout ContentReport) -> Object? {
        guard let entries = root.entries else {
            report.error(
                ContentCode.unknownObject, "file holds \(root.kindName), not a content object", at: root.position,
                hint: ContentKind.expectation)
            return nil
        }
        let keys = Set(entries.map(\.key))
        let isJSON = report.file.suffix(5).lowercased() == ".json"
        guard !isJSON || keys.contains("modelName") else {
            report.error(
                ContentCode.unknownObject, "file is not a data model", at: root.position,
                hint: "of JSON files, data models are content: an object with 'modelName' and 'objects'")
            return nil
        }
        if keys.contains("modelName") {
            return DataModelReader.read(root, file: report.file, &report).map { .dataModel($0) }
        }
        var type: String?
        if case .scalar(let text, _)? = entries.first(where: { $0.key == "type" })?.value.content { type = text }
        guard let kind = ContentKind(keys: keys, type: type, file: report.file) else {
            report.error(
                ContentCode.unknownObject, "file is not a content object that is known", at: root.position,
                hint: ContentKind.expectation)
            return nil
        }
        return object(of: kind, root, text, &report)
    }

    private static func object(
        of kind: ContentKind, _ root: YAMLNode, _ text: String, _ report: inout ContentReport
    ) -> Object? {
        guard let known = kind.keys, let top = MappingReader(root, known: known, &report) else { return nil }
        let reader = ObjectReader(top: top, file: report.file, fileText: text)
        switch kind {
        case .detection:
            return DetectionReader(reader, &report).read(&report).map { .detection($0.detection, $0.schedule) }
        case .macro:
            guard let macro = reader.macro(&report) else { return nil }
            let origin = top["definition"].map(reader.origin) ?? TextOrigin(position: root.position)
            return .macro(macro, origin)
        case .story: return reader.story(&report).map { .story($0) }
        case .lookup: return reader.lookup(&report).map { .lookup($0) }
        case .baseline: return reader.baseline(&report).map { .baseline($0.baseline, $0.schedule) }
        case .dataSource: return reader.dataSource(&report).map { .dataSource($0) }
        case .schedule: return reader.namedSchedule(&report).map { .schedule($0) }
        case .deployment: return reader.deployment(&report).map { .deployment($0) }
        case .incidentRule: return reader.incidentRule(&report).map { .incidentRule($0.rule, $0.schedule) }
        case .riskFactor: return reader.riskFactor(&report).map { .riskFactor($0) }
        case .dashboard, .playbook, .appConfiguration: return nil
        }
    }
}

extension ContentKind {
    /// The keys of kinds with a reader of their own here; nil for what is passed over.
    fileprivate var keys: [String]? {
        switch self {
        case .detection: ContentKeys.detection
        case .macro: ContentKeys.macro
        case .story: ContentKeys.story
        case .lookup: ContentKeys.lookup
        case .baseline: ContentKeys.baseline
        case .dataSource: ContentKeys.dataSource
        case .schedule: ContentKeys.schedule
        case .deployment: ContentKeys.deployment
        case .incidentRule: ContentKeys.incidentRule
        case .riskFactor: ContentKeys.riskFactor
        case .dashboard, .playbook, .appConfiguration: nil
        }
    }
}
