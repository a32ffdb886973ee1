import Columns
import Formats

/// The place of values in a JSON document: names joined by dots, `{}` for every element of an array, `{2}` for the
/// third; `cities{0}.bridges{}.name`.
///
/// Source: Splunk Search Reference 9.4, "JSON functions", json_extract; "spath".
struct JSONPath: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case key(Text)
        case element(Int)
        case allElements
    }

    private static let maximumSteps = 1_000

    let steps: [Step]

    /// Nil for text that is no path.
    init?(_ text: Text) {
        var steps: [Step] = []
        if !text.isEmpty {
            for part in text.bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
                guard let parsed = Self.steps(of: part) else { return nil }
                steps += parsed
            }
        }
        guard steps.count <= Self.maximumSteps else { return nil }
        self.steps = steps
    }

    /// `name{}{1}`: a name, which may be missing where a brace follows, and any number of braces.
    private static func steps(of part: ArraySlice<UInt8>) -> [Step]? {
        let name = part.prefix { $0 != UInt8(ascii: "{") }
        var steps: [Step] = name.isEmpty ? [] : [.key(Text(name))]
        var rest = part.dropFirst(name.count)
        while let open = rest.first {
            guard open == UInt8(ascii: "{"), let close = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            let inner = rest[rest.startIndex + 1..<close]
            if inner.isEmpty {
                steps.append(.allElements)
            } else {
                guard inner.count <= 9, let index = Int(String(decoding: inner, as: UTF8.self)), index >= 0 else {
                    return nil
                }
                steps.append(.element(index))
            }
            rest = rest[(close + 1)...]
        }
        return steps.isEmpty ? nil : steps
    }

    /// More than one value may lie there.
    var isPlural: Bool { steps.contains(.allElements) }

    /// What lies at the path, in document order.
    ///
    /// `{}` of an object alone is the object; the other steps into elements go through the array of a document that is
    /// nothing but one named array, as the examples of json_extract do.
    func values(in document: JSONValue) -> [JSONValue] {
        if case .object(let members) = document, let first = steps.first, first.isElement {
            if steps == [.allElements] { return [document] }
            guard members.count == 1, case .array = members[0].value else { return [] }
            return JSONPath(steps: [.key(members[0].key)] + steps).values(in: document)
        }
        var found = [document]
        for step in steps {
            switch step {
            case .key(let key): found = found.compactMap { $0[key] }
            case .element(let index): found = found.compactMap { $0[index] }
            case .allElements:
                found = found.flatMap { value -> [JSONValue] in
                    if case .array(let elements) = value { return elements }
                    return []
                }
            }
        }
        return found
    }

    /// The document with what lies at the path replaced; nil from `change` removes a member of an object.
    ///
    /// - Parameter creates: names that do not exist are made; where the document has something else than the path asks
    ///   for, it stays as it is.
    func changing(
        _ document: JSONValue, creates: Bool = false, _ change: (JSONValue?) -> JSONValue?
    ) -> JSONValue {
        Self.changing(document, steps[...], creates, change)
    }

    // Recursion is bounded by the number of steps.
    private static func changing(
        _ value: JSONValue, _ steps: ArraySlice<Step>, _ creates: Bool, _ change: (JSONValue?) -> JSONValue?
    ) -> JSONValue {
        guard let step = steps.first else { return change(value) ?? value }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.key(let key), .object(var members)):
            if let index = members.firstIndex(where: { $0.key == key }) {
                if !rest.isEmpty {
                    members[index].value = changing(members[index].value, rest, creates, change)
                } else if let changed = change(members[index].value) {
                    members[index].value = changed
                } else {
                    members.remove(at: index)
                }
            } else if creates, rest.allSatisfy({ !$0.isElement }) {
                let made = rest.isEmpty ? change(nil) : changing(.object([]), rest, creates, change)
                if let made { members.append(JSONValue.Member(key: key, value: made)) }
            }
            return .object(members)
        case (.element(let index), .array(var elements)):
            if elements.indices.contains(index) {
                elements[index] = changing(elements[index], rest, creates, change)
            }
            return .array(elements)
        case (.allElements, .array(let elements)):
            return .array(elements.map { changing($0, rest, creates, change) })
        default:
            return value
        }
    }

    private init(steps: [Step]) { self.steps = steps }
}

extension JSONPath.Step {
    fileprivate var isElement: Bool {
        if case .key = self { return false }
        return true
    }
}
