enum DataModelReader {
    /// Unknown keys are no mistake here: Splunk writes many that serve its editor only.
    static func read(_ root: YAMLNode, file: String, _ report: inout ContentReport) -> DataModel? {
        guard let top = reader(root, path: "", &report) else { return nil }
        let name = top.requiredText("modelName", &report)
        var objects: [DataModel.Object] = []
        for node in top.list("objects", &report) {
            guard let reader = reader(node, path: "objects", &report),
                let object = object(reader, &report)
            else { continue }
            objects.append(object)
        }
        checkParents(objects, top, &report)
        guard let name, !report.hasErrors else { return nil }
        guard !objects.isEmpty else {
            top.missing("objects", &report)
            return nil
        }
        return DataModel(
            name: name, description: top.text("description", &report) ?? "", objects: objects, file: file)
    }

    private static func object(_ reader: MappingReader, _ report: inout ContentReport) -> DataModel.Object? {
        guard let name = reader.requiredText("objectName", &report) else { return nil }
        var object = DataModel.Object(
            name: name, parentName: reader.text("parentName", &report) ?? "BaseEvent", constraints: [], fields: [],
            calculations: [])
        for item in ownItems(reader, "constraints", of: name, &report) {
            if let search = item.text("search", &report) { object.constraints.append(search) }
        }
        for item in ownItems(reader, "fields", of: name, &report) {
            if let field = field(item, &report) { object.fields.append(field) }
        }
        for item in ownItems(reader, "calculations", of: name, &report) {
            if let calculation = calculation(item, &report) { object.calculations.append(calculation) }
        }
        return object
    }

    private static func field(_ reader: MappingReader, _ report: inout ContentReport) -> DataModel.Field? {
        guard let name = reader.requiredText("fieldName", &report) else { return nil }
        return DataModel.Field(
            name: name, type: reader.text("type", &report) ?? "string",
            isRequired: reader.boolean("required", &report) ?? false,
            isMultivalue: reader.boolean("multivalue", &report) ?? false)
    }

    private static func calculation(
        _ reader: MappingReader, _ report: inout ContentReport
    ) -> DataModel.Calculation? {
        guard let type = reader.requiredText("calculationType", &report) else { return nil }
        switch type.lowercased() {
        case "eval":
            guard let expression = reader.requiredText("expression", &report),
                let output = items(reader, "outputFields", &report).first.flatMap({ field($0, &report) })
            else { return nil }
            return .eval(output: output, expression: expression)
        case "lookup":
            guard let name = reader.requiredText("lookupName", &report) else { return nil }
            let inputs = items(reader, "lookupInputs", &report).compactMap {
                mapping($0, lookupKey: "lookupField", fieldKey: "inputField", &report)
            }
            let outputs = items(reader, "outputFields", &report).compactMap {
                mapping($0, lookupKey: "lookupOutputFieldName", fieldKey: "fieldName", &report)
            }
            return .lookup(name: name, inputs: inputs, outputs: outputs)
        case "rex":
            guard let input = reader.requiredText("inputField", &report),
                let expression = reader.requiredText("expression", &report)
            else { return nil }
            let outputs = items(reader, "outputFields", &report).compactMap { field($0, &report)?.name }
            return .rex(input: input, expression: expression, outputs: outputs)
        default:
            report.error(
                ContentCode.unknownValue, "calculation of type '\(shortened(type))' is not supported",
                at: reader["calculationType"]?.position ?? .start, hint: "Eval, Lookup and Rex are")
            return nil
        }
    }

    private static func mapping(
        _ reader: MappingReader, lookupKey: String, fieldKey: String, _ report: inout ContentReport
    ) -> DataModel.Mapping? {
        guard let field = reader.requiredText(fieldKey, &report) else { return nil }
        return DataModel.Mapping(lookupField: reader.text(lookupKey, &report) ?? field, field: field)
    }

    /// A parent must stand before its children, which also keeps the tree free of circles.
    private static func checkParents(
        _ objects: [DataModel.Object], _ top: MappingReader, _ report: inout ContentReport
    ) {
        var known: Set<String> = ["BaseEvent", "BaseSearch", "BaseTransaction"]
        for object in objects {
            if !known.contains(object.parentName) {
                report.error(
                    ContentCode.unknownValue,
                    "object '\(shortened(object.name))' has the parent '\(shortened(object.parentName))', "
                        + "which is not defined before it",
                    at: top["objects"]?.position ?? .start)
            }
            known.insert(object.name)
        }
    }

    /// Splunk lists what an object inherits beside its own; the `owner` is the path of the object that it comes from.
    private static func ownItems(
        _ reader: MappingReader, _ key: String, of object: String, _ report: inout ContentReport
    ) -> [MappingReader] {
        items(reader, key, &report).filter { item in
            guard let owner = item.text("owner", &report), !owner.isEmpty else { return true }
            return owner == object || owner.hasSuffix("." + object)
        }
    }

    private static func items(
        _ reader: MappingReader, _ key: String, _ report: inout ContentReport
    ) -> [MappingReader] {
        reader.list(key, &report).compactMap { self.reader($0, path: reader.name(key), &report) }
    }

    private static func reader(
        _ node: YAMLNode, path: String, _ report: inout ContentReport
    ) -> MappingReader? {
        MappingReader(node, path: path, known: nil, &report)
    }
}
