import Columns
import Matching
import SPL

extension ObjectReader {
    func riskFactor(_ report: inout ContentReport) -> RiskFactor? {
        let name = top.requiredName(&report)
        let operation = factorOperation(&report)
        let amount = factorAmount(operation, &report)
        let conditions = factorConditions(&report)
        let isEnabled = top.boolean("enabled", &report) ?? false
        guard let name, let operation, let amount else { return nil }
        let factor = RiskFactor(
            name: name, id: id(name: name, &report), version: version(&report),
            description: text("description", &report), isEnabled: isEnabled, operation: operation, amount: amount,
            conditions: conditions, file: file)
        return report.hasErrors ? nil : factor
    }

    private func factorOperation(_ report: inout ContentReport) -> RiskFactor.Operation? {
        guard let text = top.requiredText("operation", &report) else { return nil }
        if let operation = RiskFactor.Operation(rawValue: text) { return operation }
        unknown(top, "operation", text, known: RiskFactor.Operation.allCases.map(\.rawValue), &report)
        return nil
    }

    private func factorAmount(
        _ operation: RiskFactor.Operation?, _ report: inout ContentReport
    ) -> RiskFactor.Amount? {
        guard let value = top["value"] else {
            top.missing("value", &report)
            return nil
        }
        let expected = "expected a number or a mapping with 'field'"
        switch value.content {
        case .mapping:
            let reader = top.mapping("value", known: ContentKeys.riskFactorValue, &report)
            return reader?.requiredText("field", &report).map { .field($0) }
        case .list:
            report.error(ContentCode.wrongType, "'value' is a list, \(expected)", at: value.position)
            return nil
        case .scalar(let text, _):
            guard let number = NumberText.parse(Array(text.utf8)) else {
                report.error(
                    ContentCode.wrongType, "'value' is '\(shortened(text))', \(expected)", at: value.position)
                return nil
            }
            checkAmount(number, text, operation, at: value.position, &report)
            return .number(number)
        }
    }

    private func checkAmount(
        _ number: Double, _ text: String, _ operation: RiskFactor.Operation?, at position: TextPosition,
        _ report: inout ContentReport
    ) {
        let limit = NumberText.print(RiskFactor.amountLimit)
        if abs(number) > RiskFactor.amountLimit {
            report.error(
                ContentCode.scoreOutOfRange, "'value' is \(shortened(text)), beyond \(limit)", at: position,
                hint: "scores of single events are 0 to 100")
        } else if operation == .multiplication, number < 0 {
            report.warning(
                ContentCode.scoreOutOfRange, "'value' is \(shortened(text)): a multiplication that turns risk around",
                at: position, hint: "a value below 1 lowers a score, 0 removes it")
        }
    }

    private func factorConditions(_ report: inout ContentReport) -> [RiskFactor.Condition] {
        guard top["conditions"] != nil else {
            top.missing("conditions", &report)
            return []
        }
        let problemCount = report.problems.count
        let readers = top.mappings("conditions", known: ContentKeys.riskFactorCondition, &report)
        if readers.isEmpty, report.problems.count == problemCount {
            report.error(
                ContentCode.missingKey, "'conditions' is empty", at: top.keyPosition("conditions"),
                hint: "a factor without a condition would change every score")
        }
        return readers.compactMap { condition($0, &report) }
    }

    private func condition(_ reader: MappingReader, _ report: inout ContentReport) -> RiskFactor.Condition? {
        let field = reader.requiredText("field", &report)
        let name = reader.requiredText("operator", &report)
        let operand = self.operand(reader, &report)
        guard let field, let name, let operand else { return nil }
        let test: RiskFactor.Test?
        switch name {
        case "equals", "not_equals":
            checkWildcard(reader, operand, &report)
            test = name == "equals" ? .equals(operand) : .notEquals(operand)
        case "regex": test = pattern(reader, name, operand, &report).flatMap { regex(reader, $0, &report) }
        case "like": test = pattern(reader, name, operand, &report).map { .like($0) }
        default:
            guard let order = RiskFactor.Order(rawValue: name) else {
                unknown(reader, "operator", name, known: RiskFactor.Test.operatorNames, &report)
                return nil
            }
            test = bound(reader, name, operand, &report).map { .compares(order, $0) }
        }
        return test.map { RiskFactor.Condition(field: field, test: $0) }
    }

    private func operand(_ reader: MappingReader, _ report: inout ContentReport) -> RiskFactor.Operand? {
        switch (reader["value"], reader["value_field"]) {
        case (nil, nil):
            report.error(
                ContentCode.missingKey, "key '\(reader.name("value"))' is missing", at: reader.node.position,
                hint: "write 'value: TEXT', or 'value_field: NAME' for the value of another field")
            return nil
        case (_?, _?):
            report.error(
                ContentCode.unknownValue, "'\(reader.name("value"))' and 'value_field' are both given",
                at: reader.keyPosition("value_field"), hint: "keep one of them")
            return nil
        case (_?, nil): return reader.requiredText("value", &report).map { .text($0) }
        case (nil, _?): return reader.requiredText("value_field", &report).map { .field($0) }
        }
    }

    /// Event data could hold a pattern that takes forever; a file is read by people first.
    private func pattern(
        _ reader: MappingReader, _ name: String, _ operand: RiskFactor.Operand, _ report: inout ContentReport
    ) -> String? {
        if case .text(let text) = operand { return text }
        report.error(
            ContentCode.unknownValue, "operator '\(name)' does not take its pattern from a field",
            at: reader.keyPosition("value_field"), hint: "write the pattern as 'value'")
        return nil
    }

    private func regex(
        _ reader: MappingReader, _ pattern: String, _ report: inout ContentReport
    ) -> RiskFactor.Test? {
        do {
            _ = try Regex(pattern)
            return .regex(pattern)
        } catch {
            report.error(
                ContentCode.malformedPattern, error.message.replacing("'\(pattern)'", with: "'\(shortened(pattern))'"),
                at: reader["value"]?.position ?? .start, hint: error.hint)
            return nil
        }
    }

    private func bound(
        _ reader: MappingReader, _ name: String, _ operand: RiskFactor.Operand, _ report: inout ContentReport
    ) -> RiskFactor.Bound? {
        switch operand {
        case .field(let field): return .field(field)
        case .text(let text):
            if let number = NumberText.parse(Array(text.utf8)), number.isFinite { return .number(number) }
            report.error(
                ContentCode.wrongType, "'\(reader.name("value"))' is '\(shortened(text))', expected a number",
                at: reader["value"]?.position ?? .start, hint: "'\(name)' compares numbers")
            return nil
        }
    }

    private func checkWildcard(
        _ reader: MappingReader, _ operand: RiskFactor.Operand, _ report: inout ContentReport
    ) {
        guard case .text(let text) = operand, text.utf8.contains(UInt8(ascii: "*")) else { return }
        report.warning(
            ContentCode.unknownValue, "'*' in '\(reader.name("value"))' stands for itself",
            at: reader["value"]?.position ?? .start, hint: "operator 'like' has '%' for any text")
    }

    private func unknown(
        _ reader: MappingReader, _ key: String, _ value: String, known: [String], _ report: inout ContentReport
    ) {
        report.error(
            ContentCode.unknownValue, "unknown \(key) '\(shortened(value))'", at: reader[key]?.position ?? .start,
            hint: NearestName.hint(value, in: known) ?? "known: \(known.joined(separator: ", "))")
    }
}
