import Content
import SPL
import Search

/// The content's baselines, run once over all events before the detections: what they write into lookups and models is
/// there when the detections read it. In Splunk they run by schedules of their own.
struct BaselineRun {
    private struct Plan {
        var baseline: Baseline
        var search: CompiledSearch
    }

    private var plans: [Plan] = []
    private let options: RunJob.Options

    init(
        _ content: LoadedContent, _ options: RunJob.Options, _ environment: SearchEnvironment,
        _ skipped: inout [RuleProblem]
    ) {
        self.options = options
        for baseline in content.catalog.baselines where !baseline.file.contains("/deprecated/") {
            do throws(RuleProblem) {
                plans.append(
                    Plan(baseline: baseline, search: try baseline.ruleSearch.compile(environment).search))
            } catch {
                skipped.append(error)
            }
        }
    }

    /// All searches and their subsearches, each with the range of event time that it reads.
    var ranges: [(search: CompiledSearch, range: TimeRange)] {
        plans.flatMap {
            $0.search.ranges(nowMicroseconds: options.nowMicroseconds, zone: options.zone, outer: options.range)
        }
    }

    /// In the order of their names; one that fails is told and stops no other.
    func run(_ source: JobRowSource, _ state: SearchState, _ skipped: inout [RuleProblem]) throws {
        for plan in plans {
            var context = ExecutionContext(
                nowMicroseconds: options.nowMicroseconds, zone: options.zone, range: options.range,
                limits: options.limits, rowSource: source, state: state)
            context.isOverdue = options.deadline?()
            do {
                _ = try plan.search.run(&context)
            } catch {
                if let failure = source.failure, !(failure is Diagnostic) { throw failure }
                skipped.append(plan.baseline.ruleSearch.problem(ofRun: error))
            }
        }
    }
}
