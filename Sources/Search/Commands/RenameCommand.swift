import Columns
import SPL

// Row by row, not column by column: Splunk's page says that a rename of a missing field onto an existing one nulls
// the target, and that wildcards touch only fields that exist. Read per event, the result does not depend on which
// events happen to share a batch (docs/decisions/0002, policy rename-per-row).

/// `rename a AS b, "c.*" AS "*" ...`: pairs apply left to right, each on the result of the one before.
///
/// A plain pair moves `a` to `b` in each row; where `a` is missing, `b` becomes null. A wildcard pair touches only the
/// rows that have the source field. Source: Splunk Search Reference 9.4, "rename".
struct RenameCommand: Command {
    static let name = "rename"
    static let help = CommandHelp(
        "rename <field> AS <name>, ...", "Gives fields other names; `*` in both takes all that match.")

    private struct Pair: Sendable, Hashable {
        var from: String
        var to: String
        var isWildcard: Bool { from.contains("*") }

        /// What the field is called afterwards. A wildcard leaves internal fields alone unless it begins with `_`.
        func renamed(_ name: String) -> String {
            guard isWildcard else { return name == from ? to : name }
            if name.hasPrefix("_"), !from.hasPrefix("_") { return name }
            return RenameCommand.captures(of: name, in: from).map { RenameCommand.fill(to, $0) } ?? name
        }
    }

    private let pairs: [Pair]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var pairs: [Pair] = []
        while !reader.isAtEnd {
            let from = reader.peek()
            let source = try reader.fieldName("field to rename", allowingParentheses: true)
            guard reader.consumeKeyword("as") else { throw reader.unexpected(reader.peek(), expected: "AS") }
            let to = reader.peek()
            let target = try reader.fieldName("new name", allowingParentheses: true)
            while reader.consumeComma() {}
            let stars = (source.count { $0 == "*" }, target.count { $0 == "*" })
            if stars.0 != stars.1 {
                throw Diagnostic(
                    "E327", "'\(source)' and '\(target)' do not have the same number of wildcards", span: to?.span,
                    hint: "write as many * on the right of AS as on the left")
            }
            if pairs.contains(where: { $0.from == source }) {
                throw Diagnostic(
                    "E328", "'\(source)' is renamed twice in one command", span: from?.span,
                    hint: "use eval to copy a field")
            }
            pairs.append(Pair(from: source, to: target))
        }
        if pairs.isEmpty {
            throw Diagnostic(
                "E329", "rename names no field", span: syntax.nameSpan, hint: "write rename <field> AS <name>")
        }
        self.pairs = pairs
    }

    /// Plain pairs made by the planner: the prefixes of a data model's fields.
    init(_ pairs: [(from: String, to: String)]) { self.pairs = pairs.map { Pair(from: $0.from, to: $0.to) } }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for pair in pairs.reversed() {
            if pair.isWildcard {
                for name in needed.names {
                    if let captures = Self.captures(of: name, in: pair.to) {
                        needed.names.insert(Self.fill(pair.from, captures))
                    }
                }
                // A pattern that is wanted afterwards may come from any renamed field.
                if !needed.patterns.isEmpty { needed.insert(pair.from) }
            } else {
                let isWanted = needed.contains(pair.to)
                needed.names.remove(pair.to)
                if isWanted { needed.names.insert(pair.from) }
            }
        }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        // A data model renames a hundred fields for each of hundreds of rules: names are found by their place.
        var slots: [String?] = input.names
        var places: [String: Int] = [:]
        func index() {
            slots = slots.filter { $0 != nil }
            places = [:]
            for (place, name) in slots.enumerated() { if let name, places[name] == nil { places[name] = place } }
        }
        index()
        for pair in pairs {
            if pair.isWildcard {
                for place in slots.indices { slots[place] = slots[place].map(pair.renamed) }
                var seen: Set<String> = []
                slots = slots.filter { name in name.map { seen.insert($0).inserted } ?? false }
                index()
            } else if let from = places[pair.from] {
                guard pair.from != pair.to else { continue }
                places[pair.from] = nil
                let known = places[pair.to]
                slots[from] = nil
                if let known { slots[known] = nil }
                let place = known.map { min($0, from) } ?? from
                slots[place] = pair.to
                places[pair.to] = place
            } else if input.isOpen, places[pair.to] == nil {
                places[pair.to] = slots.count
                slots.append(pair.to)
            }
        }
        return Schema(isOpen: input.isOpen, names: slots.compactMap { $0 })
    }

    func delimiters(after input: [String: String]) -> [String: String] {
        guard !input.isEmpty else { return input }
        return Dictionary(
            input.map { delimiter in (pairs.reduce(delimiter.key) { $1.renamed($0) }, delimiter.value) }
        ) { first, _ in first }
    }

    func rowKey(after input: [String]?) -> [String]? {
        input.map { keys in pairs.reduce(keys) { keys, pair in keys.map { pair.renamed($0) } } }
    }

    var policies: [Policy] {
        pairs.contains(where: \.isWildcard) ? [.renamePerRow, .wildcardSkipsInternal] : [.renamePerRow]
    }
    var readsClock: Bool { false }
    var explanation: String { "rename: " + pairs.map { "\($0.from) AS \($0.to)" }.joined(separator: ", ") }

    /// Also where a wildcard takes names together: see above, row by row.
    var streams: Bool { true }

    func makeOperator() -> any Operator { RenameOperator(pairs: pairs) }

    private struct RenameOperator: Operator {
        let pairs: [Pair]

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            var batch = batch
            for pair in pairs {
                if pair.isWildcard {
                    renameMatching(pair, in: &batch)
                } else if batch.contains(pair.from) {
                    batch.rename(pair.from, to: pair.to)
                } else {
                    batch.remove(pair.to)
                }
            }
            return batch
        }

        private func renameMatching(_ pair: Pair, in batch: inout Batch) {
            for name in batch.names {
                let target = pair.renamed(name)
                guard target != name, let source = batch.column(name) else { continue }
                if let existing = batch.column(target), existing.hasValues {
                    let isWhole = !source.ids.contains(0)
                    if !isWhole {
                        let merged = Column((0..<batch.rowCount).map { source[$0].isNull ? existing[$0] : source[$0] })
                        batch.remove(name)
                        batch.set(target, merged)
                        continue
                    }
                }
                batch.rename(name, to: target)
            }
        }
    }

    var wildcards: [(from: String, to: String)] { pairs.filter(\.isWildcard).map { ($0.from, $0.to) } }

    /// The runs that the stars of `pattern` stand for in `name`; nil when it does not match. Stars take as little as
    /// they can, the last one the rest.
    static func captures(of name: String, in pattern: String) -> [String]? {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false).map { Array($0.utf8) }
        let bytes = Array(name.utf8)
        guard let first = pieces.first, let last = pieces.last, pieces.count > 1,
            bytes.count >= first.count + last.count, bytes.starts(with: first),
            Array(bytes.suffix(last.count)) == last
        else { return nil }
        var captures: [String] = []
        var position = first.count
        let end = bytes.count - last.count
        for piece in pieces.dropFirst().dropLast() {
            var found: Int?
            var candidate = position
            while candidate + piece.count <= end {
                if Array(bytes[candidate..<candidate + piece.count]) == piece {
                    found = candidate
                    break
                }
                candidate += 1
            }
            guard let found else { return nil }
            captures.append(String(decoding: bytes[position..<found], as: UTF8.self))
            position = found + piece.count
        }
        captures.append(String(decoding: bytes[position..<end], as: UTF8.self))
        return captures
    }

    static func fill(_ pattern: String, _ captures: [String]) -> String {
        var result = ""
        var rest = captures[...]
        for character in pattern {
            if character == "*" {
                result += rest.popFirst() ?? ""
            } else {
                result.append(character)
            }
        }
        return result
    }
}
