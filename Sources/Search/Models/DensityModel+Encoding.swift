import Columns
import Formats
public import SPL

extension DensityModel {
    /// The model as one JSON object, to be kept between runs; ``init(decoding:)`` reads it. Key values that are not UTF-8
    /// come back with U+FFFD.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("format")
        writer.number(1)
        writeOptions(&writer)
        writer.key("groups")
        writer.beginArray()
        for group in groups { group.write(&writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// The options as `listmodels` shows them.
    var optionsText: Text {
        var writer = JSONWriter()
        writer.beginObject()
        writeOptions(&writer)
        writer.endObject()
        return Text(writer.bytes)
    }

    private func writeOptions(_ writer: inout JSONWriter) {
        func list(_ name: String, _ numbers: [Double]) {
            writer.key(name)
            writer.numbers(numbers)
        }
        func list(_ name: String, _ texts: [String]) {
            writer.key(name)
            writer.beginArray()
            for text in texts { writer.string(text) }
            writer.endArray()
        }
        func text(_ name: String, _ text: String) {
            writer.key(name)
            writer.string(text)
        }
        text("algorithm", Self.algorithm)
        text("field", field)
        list("by", groupFields)
        text("dist", options.kind?.rawValue ?? "auto")
        list("exclude_dist", options.excluded.map(\.rawValue))
        text("metric", options.metric.rawValue)
        list("threshold", options.thresholds.total)
        list("lower_threshold", options.thresholds.lower)
        list("upper_threshold", options.thresholds.upper)
        writer.key("show_density")
        writer.boolean(options.showsDensity)
    }

    /// - Throws: E769 for anything that ``encoded()`` does not write.
    public init(decoding bytes: [UInt8]) throws(Diagnostic) {
        let json: JSONValue
        do { json = try JSONValue.parse(bytes) } catch { throw Self.unreadable(error.description) }
        let reader = DensityModelReader(json: json)
        guard try reader.number("format") == 1 else { throw Self.unreadable("it has another format") }
        guard try reader.text("algorithm") == Text(Self.algorithm) else {
            throw Self.unreadable("it is of another algorithm")
        }
        field = try reader.text("field").string
        groupFields = try reader.texts("by").map(\.string)
        options = try reader.options()
        var groups: [Group] = []
        for group in try reader.array("groups") {
            groups.append(try DensityModelReader(json: group).group(options, keyCount: groupFields.count))
        }
        self.groups = groups
    }

    fileprivate static func unreadable(_ why: String) -> Diagnostic {
        Diagnostic("E769", "a stored model cannot be read: \(why)", hint: "train it again with fit")
    }
}

extension DensityModel.Group {
    fileprivate func write(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("key")
        writer.beginArray()
        for text in key { writer.string(text) }
        writer.endArray()
        for (name, number) in [("cardinality", Double(count)), ("min", low), ("max", high), ("distance", distance)] {
            writer.key(name)
            writer.number(number)
        }
        writer.key("type")
        writer.string(kind.rawValue)
        writer.key("values")
        writer.numbers(sample.values)
        writer.key("weights")
        writer.numbers(sample.weights)
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func numbers(_ numbers: [Double]) {
        beginArray()
        for number in numbers { self.number(number) }
        endArray()
    }
}

/// Reads the members of one object. Nothing of it is trusted.
private struct DensityModelReader {
    let json: JSONValue

    func array(_ name: String) throws(Diagnostic) -> [JSONValue] {
        guard case .array(let elements)? = json[Text(name)] else { throw missing(name) }
        return elements
    }

    func number(_ name: String) throws(Diagnostic) -> Double { try number(json[Text(name)], name) }

    func numbers(_ name: String) throws(Diagnostic) -> [Double] {
        var numbers: [Double] = []
        for element in try array(name) { numbers.append(try number(element, name)) }
        return numbers
    }

    func text(_ name: String) throws(Diagnostic) -> Text {
        guard case .string(let text)? = json[Text(name)] else { throw missing(name) }
        return text
    }

    func texts(_ name: String) throws(Diagnostic) -> [Text] {
        var texts: [Text] = []
        for element in try array(name) {
            guard case .string(let text) = element else { throw missing(name) }
            texts.append(text)
        }
        return texts
    }

    private func number(_ value: JSONValue?, _ name: String) throws(Diagnostic) -> Double {
        guard case .number(let text)? = value, let number = NumberText.parse(text.bytes), number.isFinite else {
            throw missing(name)
        }
        return number
    }

    private func kind(_ text: Text) throws(Diagnostic) -> DensityCurve.Kind {
        guard let kind = DensityCurve.Kind(rawValue: text.string) else { throw missing("dist") }
        return kind
    }

    func options() throws(Diagnostic) -> DensityModel.Options {
        var options = DensityModel.Options()
        let dist = try text("dist")
        if dist != "auto" { options.kind = try kind(dist) }
        for text in try texts("exclude_dist") { options.excluded.append(try kind(text)) }
        guard let metric = DensityCurve.Metric(rawValue: try text("metric").string) else { throw missing("metric") }
        options.metric = metric
        options.thresholds.total = try numbers("threshold")
        options.thresholds.lower = try numbers("lower_threshold")
        options.thresholds.upper = try numbers("upper_threshold")
        let thresholds = options.thresholds
        guard (thresholds.total + thresholds.lower + thresholds.upper).allSatisfy({ $0 >= 1e-9 && $0 <= 1 }) else {
            throw missing("threshold")
        }
        guard case .boolean(let showsDensity)? = json["show_density"] else { throw missing("show_density") }
        options.showsDensity = showsDensity
        return options
    }

    func group(_ options: DensityModel.Options, keyCount: Int) throws(Diagnostic) -> DensityModel.Group {
        let key = try texts("key")
        guard key.count == keyCount else { throw missing("key") }
        let values = try numbers("values")
        let weights = try numbers("weights")
        guard !values.isEmpty, values.count == weights.count, weights.allSatisfy({ $0 > 0 && $0 < 1e15 }),
            values.allSatisfy(DensitySample.isUsable), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw missing("values") }
        let count = try number("cardinality")
        guard count >= 1, count < 1e15 else { throw missing("cardinality") }
        let sample = DensitySample(values: values, weights: weights)
        let kind = try kind(text("type"))
        let curve = DensityCurve(kind, fitting: sample)
        guard curve != nil || sample.isConstant else { throw missing("type") }
        return DensityModel.Group(
            key: key, count: Int(count), low: try number("min"), high: try number("max"), sample: sample, kind: kind,
            curve: curve, distance: try number("distance"))
    }

    private func missing(_ name: String) -> Diagnostic {
        DensityModel.unreadable("member '\(name)' is not what it should be")
    }
}
