import Columns
import Formats
import SPL

/// `foreach` over the elements of a multivalue field or a JSON array: the n-th run sees the rows that have an n-th
/// element.
struct ForeachItemOperator: Operator {
    /// Nil: every field that holds several values or a JSON array.
    let field: String?
    /// Gives the elements in the place of the field.
    let collection: CompiledExpression?
    let mode: ForeachCommand.Mode
    let template: ForeachTemplate
    let context: CompileContext
    private let textPlaces: Bool
    private let usesIteration: Bool
    private var held = RowBuffer()
    private var known: [[String]: Subpipeline?] = [:]

    init(
        field: String?, collection: CompiledExpression?, mode: ForeachCommand.Mode, template: ForeachTemplate,
        context: CompileContext
    ) {
        self.field = field
        self.collection = collection
        self.mode = mode
        self.template = template
        self.context = context
        textPlaces = !template.places(of: .item).isSubset(of: [.operand])
        usesIteration = !template.places(of: .iteration).isEmpty
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        var rows = held.take(&context)
        if let collection { return try iterated(rows, collection.evaluate(rows, context), &context) }
        for name in field.map({ [$0] }) ?? rows.names.filter({ !$0.hasPrefix("_") }) {
            if let column = rows.column(name) { rows = try iterated(rows, column, &context) }
        }
        return rows
    }

    private mutating func iterated(
        _ rows: Batch, _ column: Column, _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        let elements = column.values.map(elements)
        let lists = column.ids.map { elements[Int($0)] }
        var done = BatchBuilder()
        var order: [Int] = []
        func finish(_ batch: Batch, _ places: [Int]) {
            var batch = batch
            batch.remove(ForeachTemplate.itemField)
            done.append(batch)
            order += places
        }
        var active = lists.indices.filter { !lists[$0].isEmpty }
        guard !active.isEmpty else { return rows }
        let inactive = lists.indices.filter { lists[$0].isEmpty }
        if !inactive.isEmpty { finish(rows.gathered(inactive), inactive) }
        var batch = rows.gathered(active)
        var iteration = 0
        while !active.isEmpty {
            try context.checkTime()
            batch.set(ForeachTemplate.itemField, Column(active.map { lists[$0][iteration] }))
            batch = try step(batch, iteration, &context)
            iteration += 1
            let over = active.indices.filter { lists[active[$0]].count <= iteration }
            guard !over.isEmpty else { continue }
            finish(batch.gathered(over), over.map { active[$0] })
            let left = active.indices.filter { lists[active[$0]].count > iteration }
            batch = batch.gathered(left)
            active = left.map { active[$0] }
        }
        return Self.ordered(done.finish(), order)
    }

    /// One run of the template. Where the element is text in it, the rows run apart by element.
    private mutating func step(
        _ batch: Batch, _ iteration: Int, _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        guard textPlaces, let items = batch.column(ForeachTemplate.itemField) else {
            return try pipeline("", iteration, &context)?.run(batch, &context) ?? batch
        }
        var groups: [Text: [Int]] = [:]
        var texts: [Text] = []
        for row in 0..<batch.rowCount {
            let text = items[row].printed ?? ""
            if groups[text] == nil { texts.append(text) }
            groups[text, default: []].append(row)
        }
        var done = BatchBuilder()
        var order: [Int] = []
        for text in texts {
            try context.checkTime()
            let rows = groups[text] ?? []
            let part = batch.gathered(rows)
            done.append(try pipeline(text.string, iteration, &context)?.run(part, &context) ?? part)
            order += rows
        }
        return Self.ordered(done.finish(), order)
    }

    private mutating func pipeline(
        _ item: String, _ iteration: Int, _ context: inout ExecutionContext
    ) throws(SearchError) -> Subpipeline? {
        let number = usesIteration ? "\(iteration)" : ""
        if let known = known[[item, number]] { return known }
        var compiled: Subpipeline?
        do {
            compiled = try template.commands([.item: item, .iteration: number], self.context)
        } catch {
            context.warn("W329", "foreach skips the element '\(item)': \(error.message)")
        }
        if known.count >= 10_000 { known = [:] }
        known[[item, number]] = .some(compiled)
        return compiled
    }

    private func elements(_ value: Value) -> [Value] {
        if mode != .multivalue, case .text(let text) = value, let list = Self.jsonElements(text) { return list }
        if mode == .jsonArray { return [] }
        // Without a field every scalar would be a list of one.
        return field == nil && value.elements.count == 1 ? [] : value.elements
    }

    /// Strings decoded, numbers as numbers where nothing is lost, null left out, the rest as JSON text; nil where the
    /// text is no array.
    private static func jsonElements(_ text: Text) -> [Value]? {
        guard text.bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "["),
            let json = try? JSONValue.parse(text.bytes), case .array(let elements) = json
        else { return nil }
        return elements.compactMap { element in
            switch element {
            case .null: return nil
            case .string(let text): return .text(text)
            case .boolean(let flag): return .text(flag ? "true" : "false")
            case .number(let text): return JSONValue.number(text)
            case .array, .object:
                var writer = JSONWriter()
                writer.value(element)
                return .text(Text(writer.bytes))
            }
        }
    }

    /// Row `i` of `batch` goes to place `order[i]`.
    private static func ordered(_ batch: Batch, _ order: [Int]) -> Batch {
        var rows = [Int](repeating: 0, count: order.count)
        for (row, place) in order.enumerated() { rows[place] = row }
        return batch.gathered(rows)
    }
}
