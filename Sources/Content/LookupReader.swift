extension ObjectReader {
    func lookup(_ report: inout ContentReport) -> LookupDefinition? {
        guard let name = top.requiredName(&report) else { return nil }
        let given = top.text("filename", &report)
        let collection = top.text("collection", &report)
        let store = lookupStore(filename: given, collection: collection, &report)
        let filename: String? =
            switch store {
            case .kvstore: nil
            // From ESCU 5 on, the table stands beside its description and has the same name.
            case .csv, .mlmodel: given ?? "\(fileStem).\(store.rawValue)"
            }
        if let given { checkFilename(given, &report) }
        let fieldKey = top["fields_list"] == nil ? "fields" : "fields_list"
        let definition = LookupDefinition(
            name: name, store: store, filename: filename,
            collection: store == .kvstore ? collection ?? name : collection,
            matchTypes: matchTypes(&report),
            isCaseSensitive: top.boolean("case_sensitive_match", &report) ?? true,
            defaultMatch: top.text("default_match", &report),
            minimumMatches: top.integer("min_matches", &report) ?? 0,
            maximumMatches: top.integer("max_matches", &report),
            fields: top.commaSeparatedTexts(fieldKey, &report), description: text("description", &report), file: file)
        checkMatchCounts(definition, &report)
        return report.hasErrors ? nil : definition
    }

    private var fileStem: Substring {
        let last = file.split(separator: "/").last ?? ""
        return last.lastIndex(of: ".").map { last[..<$0] } ?? last
    }

    private func lookupStore(
        filename: String?, collection: String?, _ report: inout ContentReport
    ) -> LookupDefinition.Store {
        if let type = top.text("lookup_type", &report) {
            checkValue(top, "lookup_type", among: ["csv", "kvstore", "mlmodel"], &report)
            if let store = LookupDefinition.Store(rawValue: type) { return store }
        }
        if let filename { return filename.hasSuffix(".mlmodel") ? .mlmodel : .csv }
        // A table's fields are in its header; only a collection has to name them.
        return collection != nil || top["fields"] != nil || top["fields_list"] != nil ? .kvstore : .csv
    }

    /// The name is joined to a lookups folder later: it must not lead out of it.
    private func checkFilename(_ filename: String, _ report: inout ContentReport) {
        guard filename.contains(where: { $0 == "/" || $0 == "\\" || $0 == "\0" }) || filename.hasPrefix(".") else {
            return
        }
        report.error(
            ContentCode.unknownValue, "'filename' is '\(shortened(filename))', expected a name without a folder",
            at: top["filename"]?.position ?? .start, hint: "put the table into the pack's lookups folder")
    }

    /// A list, or texts with commas between them.
    private func matchTypes(_ report: inout ContentReport) -> [String] {
        let types = top.commaSeparatedTexts("match_type", &report)
        for type in types where !Self.isMatchType(type) {
            report.error(
                ContentCode.unknownValue, "unknown match_type '\(shortened(type))'",
                at: top["match_type"]?.position ?? .start, hint: "write WILDCARD(field), CIDR(field) or EXACT(field)")
        }
        return types
    }

    private static func isMatchType(_ text: String) -> Bool {
        guard let open = text.firstIndex(of: "("), text.last == ")" else { return false }
        let field = text[text.index(after: open)...].dropLast()
        return ["WILDCARD", "CIDR", "EXACT"].contains(text[..<open].trimmingBlanks().uppercased())
            && !field.trimmingBlanks().isEmpty
    }

    private func checkMatchCounts(_ lookup: LookupDefinition, _ report: inout ContentReport) {
        for (key, value) in [("min_matches", lookup.minimumMatches), ("max_matches", lookup.maximumMatches ?? 1)]
        where !(0...1000).contains(value) {
            report.error(
                ContentCode.unknownValue, "'\(key)' is \(value), expected 0 to 1000", at: top[key]?.position ?? .start)
        }
    }
}
