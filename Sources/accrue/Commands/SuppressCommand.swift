import ArgumentParser
import Columns
import Engine
import Formats
import Reports
import Risk
import RiskIndex
import Search

struct SuppressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress", abstract: "What is silenced: its risk events do not count for findings.",
        discussion: """
            Silenced risk events stay in the index and in every ledger, which names what silences them.

            Examples:
              accrue suppress add --entity svc-backup --for 30d --reason 'restore test, ticket 4711'
              accrue suppress add --rule 'ESCU - Noisy - Rule' --reason 'rewritten in the next release'
              accrue suppress list
              accrue suppress end 3f2a91c0
            """,
        subcommands: [Add.self, List.self, End.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Silence an entity, a rule or a threat object from now on.",
            discussion: "Example: accrue suppress add --threat-object 198.51.100.7 --until 2026-12-24 --reason scanner")

        @Option(help: "A normalized risk object, without regard to case.")
        var entity: String?

        @Option(help: "A rule's search name.")
        var rule: String?

        @Option(help: "A threat object's value, without regard to case.")
        var threatObject: String?

        @Option(parsing: .unconditional, help: "When it ends, exclusive. Default: when `suppress end` says so.")
        var until: String?

        @Option(name: .customLong("for"), help: "How long it lasts, such as 30d.")
        var duration: String?

        @Option(help: "Why.")
        var reason: String

        @Option(help: "Who says so. Default: the user of this process.")
        var author: String?

        @OptionGroup var common: CommonOptions

        mutating func run() throws {
            let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
            let now = try common.clock()
            let named: [(Suppression.Kind, String)] = [
                entity.map { (.entity, $0) }, rule.map { (.rule, $0) }, threatObject.map { (.threatObject, $0) },
            ].compactMap { $0 }
            guard named.count == 1, let (kind, value) = named.first, !value.isEmpty else {
                throw UsageError(
                    message: "a suppression silences one thing", hint: "give one of --entity, --rule, --threat-object")
            }
            guard !reason.allSatisfy(\.isWhitespace) else {
                throw UsageError(message: "--reason is empty", hint: "say why, for who asks later")
            }
            let suppression = Suppression(
                kind: kind, value: value, startMicroseconds: now, untilMicroseconds: try end(now: now),
                author: try ReviewAuthor.name(author), reason: reason)
            let index = try SuppressCommand.openForWriting(common, now: now)
            try index.add(suppression)
            if try !SuppressCommand.isKnown(suppression, index) {
                Console.error("no risk event names \(kind.rawValue) '\(Console.escape(value))' so far")
            }
            output.write([SuppressCommand.row(suppression, now: now, output.form)])
        }

        /// Nil for no end.
        private func end(now: Int64) throws -> Int64? {
            guard until == nil || duration == nil else {
                throw UsageError(message: "--until and --for say the same", hint: "give one of them")
            }
            var end: Int64?
            if let duration {
                end = try common.moved("+", duration, option: "--for", now: now)
            } else if let until {
                end = try common.time(until, option: "--until", now: now)
            }
            if let end, end <= now {
                throw UsageError(message: "the suppression ends before it begins", hint: "it begins now")
            }
            return end
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The suppressions that last.", discussion: "Example: accrue suppress list --all --format ndjson")

        @Flag(help: "Also those that have ended, or begin later.")
        var all = false

        @OptionGroup var common: CommonOptions

        mutating func run() throws {
            let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
            let now = try common.clock()
            let suppressions = try common.openIndexForReading(now: now).suppressions()
            output.write(
                suppressions.filter { all || $0.isActive(at: now) }
                    .map { SuppressCommand.row($0, now: now, output.form) })
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a suppression now.", discussion: "Example: accrue suppress end 3f2a91c0")

        @Argument(help: "The suppression's id, or the start of it.")
        var id: String

        @OptionGroup var common: CommonOptions

        mutating func run() throws {
            let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
            let now = try common.clock()
            let index = try SuppressCommand.openForWriting(common, now: now)
            guard let ended = try index.endSuppression(idPrefix: id, at: now) else {
                throw EngineError(
                    "E356", "no suppression has the id '\(Console.escape(id))'",
                    hint: "`accrue suppress list --all` lists them")
            }
            output.write([SuppressCommand.row(ended, now: now, output.form)])
        }
    }

    /// An index that is there: a mistyped home must not become a new one.
    private static func openForWriting(_ common: CommonOptions, now: Int64) throws -> RiskIndex {
        _ = try common.openIndexForReading(now: now)
        return try common.openIndex(now: now)
    }

    private static func row(_ suppression: Suppression, now: Int64, _ form: OutputForm) -> [ResultField] {
        let time: (Int64) -> Value = {
            form == .table ? .text(TimeText.iso8601($0)) : .number(Double($0) / 1_000_000)
        }
        return [
            ResultField("suppression_id", .text(suppression.id)),
            ResultField("kind", .text(suppression.kind.rawValue)), ResultField("value", .text(suppression.value)),
            ResultField("start", time(suppression.startMicroseconds)),
            ResultField("until", suppression.untilMicroseconds.map(time) ?? .null),
            ResultField("active", .text(suppression.isActive(at: now) ? "yes" : "no")),
            ResultField("author", .text(suppression.author)), ResultField("reason", .text(suppression.reason)),
        ]
    }

    private static func isKnown(_ suppression: Suppression, _ index: RiskIndex) throws -> Bool {
        let folded = Text(FoldedName.fold(suppression.value))
        switch suppression.kind {
        case .entity: return try !index.riskObjects(normalizedRiskObject: suppression.value).isEmpty
        case .threatObject: return try index.threat(suppression.value) != nil
        case .rule:
            let dimensions = try index.riskDimensions()
            return (0..<dimensions.ruleBound).contains { number in
                dimensions.rule(number).map { Text(FoldedName.fold($0.searchName)) == folded } ?? false
            }
        }
    }
}
