import Columns
import SPL

/// `foreach [mode=multifield] <fields> [<template>]` runs the template once for each field that matches, with its name in
/// the place of `<<FIELD>>`, what the stars stand for in `<<MATCHSTR>>`, and each star's part in `<<MATCHSEG1>>` to
/// `<<MATCHSEG3>>`. A name without star is used even where no row has it; `*` leaves internal fields out.
///
/// `mode=multivalue <field>`, `json_array` and `auto_collections` run a template of one `eval` for each element:
/// `<<ITEM>>` is the element, `<<ITER>>` its number from 0. `fieldstr=`, `matchstr=`, `matchseg1=`, `itemstr=`,
/// `iterstr=` name other placeholders. `foreach json_array(1, 2) [...]` runs over what the expression gives. A field for which the template makes no sense is skipped with a warning.
/// Source: Splunk Search Reference 9.4, "foreach".
struct ForeachCommand: Command {
    static let name = "foreach"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "foreach <options> <fields> [<pipeline>]",
        "Runs a template for each field that matches, or for each element of one field.",
        options: [
            (
                "mode=multifield|multivalue|json_array|auto_collections",
                "what the template runs for, the fields unless written"
            ),
            ("fieldstr=<text>", "what stands for the field's name, `<<FIELD>>` unless written"),
            ("matchstr=<text>", "for what all stars match, `<<MATCHSTR>>` unless written"),
            ("matchseg1=<text>", "for what the first star matches, `<<MATCHSEG1>>` unless written"),
            ("matchseg2=<text>", "for the second star"),
            ("matchseg3=<text>", "for the third star"),
            ("itemstr=<text>", "for the element, `<<ITEM>>` unless written"),
            ("iterstr=<text>", "for the element's number from 0, `<<ITER>>` unless written"),
        ])

    enum Mode: String, Sendable, CaseIterable {
        case multifield, multivalue
        case jsonArray = "json_array"
        case autoCollections = "auto_collections"
    }

    private let mode: Mode
    private let patterns: [String]
    /// What gives the elements, where an expression stands in the place of the field.
    private let collection: CompiledExpression?
    private let template: ForeachTemplate
    /// The template with sample text in it: what it needs and depends on.
    private let sample: Subpipeline
    /// The template for each of `patterns`, where none of them has a star.
    private let fixed: [Subpipeline]?
    private let context: CompileContext
    private let text: String

    private static let options: [String: ForeachTemplate.Slot] = [
        "fieldstr": .field, "matchstr": .match, "matchseg1": .segment(0), "matchseg2": .segment(1),
        "matchseg3": .segment(2), "itemstr": .item, "iterstr": .iteration,
    ]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var mode = Mode.multifield
        var patterns: [String] = []
        var collection: CompiledExpression?
        var pipeline: (Pipeline, Span)?
        var placeholders: [ForeachTemplate.Slot: String] = [
            .field: "<<FIELD>>", .match: "<<MATCHSTR>>", .segment(0): "<<MATCHSEG1>>", .segment(1): "<<MATCHSEG2>>",
            .segment(2): "<<MATCHSEG3>>", .item: "<<ITEM>>", .iteration: "<<ITER>>",
        ]
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                if name == "mode" {
                    guard let named = Mode(rawValue: value.text.lowercased()) else {
                        throw Diagnostic(
                            "E733", "'\(value.text)' is no mode of foreach", span: value.span,
                            hint: "modes: \(Mode.allCases.map(\.rawValue).joined(separator: ", "))")
                    }
                    mode = named
                } else if let slot = Self.options[name] {
                    placeholders[slot] = value.text
                } else {
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if let inner = token.pipeline, pipeline == nil {
                _ = reader.next()
                pipeline = (inner, token.span)
            } else if !reader.consumeComma() {
                let name = try reader.fieldName("a field")
                guard let open = reader.peek(), open.kind == .openParenthesis, open.isGlued else {
                    patterns.append(name)
                    continue
                }
                let call = try "\(name)(\(reader.parenthesizedText().text))"
                collection = try CompiledExpression(EvalExpression.parse(call), context: context)
                patterns.append(call)
                if mode == .multifield { mode = .jsonArray }
            }
        }
        guard let (pipeline, span) = pipeline else {
            throw .noSubsearch(of: Self.name, span: syntax.nameSpan, example: "foreach * [eval <<FIELD>>=...]")
        }
        try Self.check(mode, patterns, pipeline, syntax.nameSpan)
        let isByField = mode == .multifield
        let slots = placeholders.filter { ($0.key == .item || $0.key == .iteration) != isByField }
        let template = ForeachTemplate(pipeline, placeholders: slots)
        self.mode = mode
        self.patterns = patterns
        self.collection = collection
        self.template = template
        self.context = context
        do {
            sample = try Self.sample(template, context)
            fixed = try isByField ? Self.fixed(template, patterns, context) : nil
        } catch {
            throw Diagnostic(error.code, "\(error.message), in the template of foreach", span: span, hint: error.hint)
        }
        let names = placeholders.values.sorted().joined(separator: " ")
        text = "\(mode.rawValue) \(patterns.joined(separator: ", ")) by \(names) [\(pipeline)]"
    }

    func needs(_ after: FieldSet) -> FieldSet {
        if let fixed { return fixed.reversed().reduce(after) { $1.needs($0) } }
        guard mode != .multifield, !patterns.isEmpty, collection == nil,
            template.places(of: .item).isSubset(of: [.operand])
        else {
            return .all
        }
        var needed = sample.needs(after)
        needed.names.remove(ForeachTemplate.itemField)
        needed.names.formUnion(patterns)
        return needed
    }

    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: input.names) }
    var dependsOnOrder: Bool { sample.commands.contains(where: \.dependsOnOrder) }
    var subsearches: [CompiledSearch] { sample.commands.flatMap(\.subsearches) }
    var policies: [Policy] {
        (mode == .multifield ? [.foreachInsertsText, .foreachKeepsTotals] : [.foreachInsertsText])
            + sample.commands.flatMap(\.policies)
    }
    var explanation: String { "foreach: \(text)" }

    func makeOperator() -> any Operator {
        mode == .multifield
            ? ForeachFieldOperator(patterns: patterns, template: template, fixed: fixed, context: context)
            : ForeachItemOperator(
                field: patterns.first, collection: collection, mode: mode, template: template, context: context)
                as any Operator
    }

    private static func check(
        _ mode: Mode, _ fields: [String], _ pipeline: Pipeline, _ span: Span
    ) throws(Diagnostic) {
        if mode == .multifield {
            guard fields.isEmpty else { return }
            throw Diagnostic("E733", "foreach names no field", span: span, hint: "write foreach <field>* [...]")
        }
        guard fields.count == 1 || (fields.isEmpty && mode == .autoCollections) else {
            throw Diagnostic(
                "E733", "foreach mode=\(mode.rawValue) takes one field, not \(fields.count)", span: span,
                hint: "write foreach mode=\(mode.rawValue) <field> [eval ...]")
        }
        guard pipeline.commands.count == 1, pipeline.commands[0].name == "eval" else {
            throw Diagnostic(
                "E733", "foreach mode=\(mode.rawValue) takes a template of one eval", span: span,
                hint: "put all assignments into one eval, separated by commas")
        }
    }

    /// A name and a number: one of them makes sense in any template that makes sense.
    private static func sample(
        _ template: ForeachTemplate, _ context: CompileContext
    ) throws(Diagnostic) -> Subpipeline {
        func values(_ text: String) -> [ForeachTemplate.Slot: String] {
            [
                .field: "x", .match: text, .segment(0): text, .segment(1): text, .segment(2): text, .item: text,
                .iteration: "0",
            ]
        }
        if let commands = try? template.commands(values("1"), context) { return commands }
        return try template.commands(values("x"), context)
    }

    private static func fixed(
        _ template: ForeachTemplate, _ patterns: [String], _ context: CompileContext
    ) throws(Diagnostic) -> [Subpipeline]? {
        guard !patterns.contains(where: { $0.contains("*") }) else { return nil }
        var commands: [Subpipeline] = []
        for name in patterns { commands.append(try template.commands([.field: name], context)) }
        return commands
    }
}
