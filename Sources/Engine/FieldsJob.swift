import Columns
import Fields
public import Formats
public import Ingest
import Search
import Synchronization

/// What is extracted from inputs, by which line of which add-on, and what content could read of it.
public struct FieldsJob: Sendable {
    public var inputs: [InputSpec]
    public var nowMicroseconds: Int64
    public var zone: TimeZoneRules
    public var threadCount: Int

    public init(inputs: [InputSpec], nowMicroseconds: Int64, zone: TimeZoneRules = .utc, threadCount: Int) {
        self.inputs = inputs
        self.nowMicroseconds = nowMicroseconds
        self.zone = zone
        self.threadCount = threadCount
    }

    /// Keeps counts and one example a field; events are gone when their chunk is counted.
    public func run(_ content: LoadedContent) throws -> FieldsReport {
        let environment = ScanEnvironment(
            addons: content.addons, zone: zone,
            search: content.environment(nowMicroseconds: nowMicroseconds, zone: zone))
        let probes = FieldProbes(content, environment.search)
        let totals = Mutex(FieldTotals())
        let scan = try EventScan(inputs: inputs, environment: environment, threadCount: threadCount).read {
            FieldWorker(environment, probes.probes)
        } _: { worker, events in
            let tally = try worker.tally(events.batch)
            totals.withLock { $0.add(tally, sequence: events.sequence) }
        }
        return Self.report(totals.withLock { $0 }, probes, scan)
    }

    private static func report(_ totals: FieldTotals, _ probes: FieldProbes, _ scan: ScanReport) -> FieldsReport {
        FieldsReport(
            scan: scan,
            sourcetypes: totals.sourcetypes.keys.sorted().compactMap { name in
                totals.sourcetypes[name].map { sourcetype(name, $0, probes) }
            },
            unlistedEventCount: totals.unlistedEventCount, hasUnlistedFields: totals.hasUnlistedFields,
            ruleCount: probes.rules.count, unboundRules: probes.unboundRules.sorted(),
            uncompiledRuleCount: probes.uncompiledRuleCount)
    }

    private static func sourcetype(
        _ name: String, _ found: FieldTally.Sourcetype, _ probes: FieldProbes
    ) -> FieldsReport.Sourcetype {
        FieldsReport.Sourcetype(
            name: name, eventCount: found.eventCount,
            fields: found.fields.keys.sorted().compactMap { name in found.fields[name].map { field(name, $0) } },
            datasets: probes.probes.indices.compactMap { number in
                guard let dataset = probes.probes[number].dataset, let accepted = found.accepted[number] else {
                    return nil
                }
                let fields = zip(probes.probes[number].fields, accepted.isFilled)
                return FieldsReport.Dataset(
                    name: dataset, eventCount: accepted.eventCount, served: fields.filter(\.1).map(\.0),
                    missing: fields.filter { !$0.1 }.map(\.0))
            }.sorted { $0.name < $1.name },
            readers: probes.rules.compactMap { reader($0, found, probes) }.sorted {
                ($0.rule, $0.file) < ($1.rule, $1.file)
            })
    }

    private static func field(_ name: String, _ found: FieldTally.Field) -> FieldsReport.Field {
        let makers = found.makers.map { (maker: $0.key, eventCount: $0.value) }.sorted {
            $0.eventCount != $1.eventCount
                ? $0.eventCount > $1.eventCount : $0.maker.description < $1.maker.description
        }
        return FieldsReport.Field(name: name, eventCount: found.eventCount, example: found.example, makers: makers)
    }

    /// - Returns: nil where the rule accepts none of the sourcetype's events.
    private static func reader(
        _ rule: FieldProbes.Rule, _ found: FieldTally.Sourcetype, _ probes: FieldProbes
    ) -> FieldsReport.Reader? {
        var datasets: Set<String> = []
        var unfilled: Set<String> = []
        var accepts = false
        for (number, fields) in rule.uses {
            guard let accepted = found.accepted[number] else { continue }
            accepts = true
            if let dataset = probes.probes[number].dataset { datasets.insert(dataset) }
            let filled = Set(zip(probes.probes[number].fields, accepted.isFilled).filter(\.1).map(\.0))
            unfilled.formUnion(fields.filter { filled.isDisjoint(with: $0.sources) }.map(\.name))
        }
        guard accepts else { return nil }
        return FieldsReport.Reader(
            rule: rule.name, file: rule.file, datasets: datasets.sorted(), unfilled: unfilled.sorted())
    }
}
