import SPL

extension ObjectReader {
    func macro(_ report: inout ContentReport) -> MacroDefinition? {
        guard let name = top.requiredName(&report) else { return nil }
        if top["definition"] == nil { top.missing("definition", &report) }
        let arguments = top.commaSeparatedTexts("arguments", &report)
        guard let definition = top.text("definition", &report), !report.hasErrors else { return nil }
        return MacroDefinition(name: name, arguments: arguments, definition: definition)
    }

    func story(_ report: inout ContentReport) -> Story? {
        guard let name = top.requiredName(&report) else { return nil }
        let tags = top.mapping("tags", known: ContentKeys.storyTags, &report)
        let categories = (top["category"] == nil ? tags : top)?.commaSeparatedTexts("category", &report) ?? []
        let story = Story(
            name: name, id: id(name: name, &report), version: version(&report),
            description: text("description", &report), narrative: text("narrative", &report),
            categories: categories, useCase: top.text("usecase", &report) ?? tags?.text("usecase", &report) ?? "",
            file: file)
        return report.hasErrors ? nil : story
    }

    func dataSource(_ report: inout ContentReport) -> DataSource? {
        guard let name = top.requiredName(&report) else { return nil }
        let dataSource = DataSource(
            name: name, source: text("source", &report), sourcetype: text("sourcetype", &report),
            separator: top.text("separator", &report), separatorValue: top.text("separator_value", &report),
            fields: top.texts("fields", &report), outputFields: top.texts("output_fields", &report), file: file)
        return report.hasErrors ? nil : dataSource
    }

    func namedSchedule(_ report: inout ContentReport) -> NamedSchedule? {
        guard let name = top.requiredName(&report), let schedule = ScheduleReader.schedule(top, &report),
            !report.hasErrors
        else { return nil }
        return NamedSchedule(name: name, schedule: schedule, file: file)
    }

    func deployment(_ report: inout ContentReport) -> Deployment? {
        let name = top.requiredName(&report)
        let type = top.requiredText("type", &report)
        guard let scheduling = top.mapping("scheduling", known: ContentKeys.scheduling, &report),
            let schedule = ScheduleReader.schedule(scheduling, &report), let name, let type, !report.hasErrors
        else { return nil }
        return Deployment(name: name, type: Detection.Kind(type), schedule: schedule, file: file)
    }

    func baseline(_ report: inout ContentReport) -> (baseline: Baseline, schedule: ScheduleChoice)? {
        let name = top.requiredName(&report)
        let search = self.search(&report)
        let tags = top.mapping("tags", known: ContentKeys.baselineTags, &report)
        let choice = ScheduleReader.choice(top, &report)
        let detections = top.texts("detections", &report)
        guard let name, let search else { return nil }
        let baseline = Baseline(
            name: name, id: id(name: name, &report), version: version(&report),
            description: text("description", &report), search: search.text, searchOrigin: search.origin,
            schedule: .baselineDefault,
            detections: detections.isEmpty ? tags?.texts("detections", &report) ?? [] : detections,
            searchName: top.text("search_name", &report) ?? "ESCU - \(name)", file: file)
        return report.hasErrors ? nil : (baseline, choice)
    }

    func incidentRule(_ report: inout ContentReport) -> (rule: IncidentRule, schedule: ScheduleChoice)? {
        let name = top.requiredName(&report)
        let search = self.search(&report)
        let choice = ScheduleReader.choice(top, &report)
        let throttling = ScheduleReader.throttling(
            top.mapping("throttling", known: ContentKeys.throttling, &report), &report)
        let incident = top.mapping("incident", known: ContentKeys.incident, &report)
        let title = incident?.requiredText("title", &report)
        if let incident {
            checkTokens(incident, "title", &report)
            if incident["entity"] == nil { incident.missing("entity", &report) }
        }
        let profiles = incident.map { riskProfiles(of: $0, &report) } ?? []
        let isEnabled = incident?.boolean("enabled", &report) ?? true
        let entity = incident?.mapping("entity", known: ContentKeys.incidentEntity, &report)
        let entityField = entity?.requiredText("field", &report)
        let typeField = entity?.requiredText("type_field", &report)
        guard let name, let search, let title, let entityField, let typeField else { return nil }
        let rule = IncidentRule(
            name: name, id: id(name: name, &report), version: version(&report), status: text("status", &report),
            isEnabled: isEnabled, profiles: profiles, description: text("description", &report), search: search.text,
            searchOrigin: search.origin, searchName: top.text("search_name", &report) ?? "Risk - \(name) - Rule",
            schedule: .detectionDefault, throttling: throttling, entityField: entityField, entityTypeField: typeField,
            entityNameField: entity?.text("name_field", &report) ?? entityField,
            severityField: incident?.text("severity_field", &report), title: title,
            securityDomain: text("security_domain", &report), file: file)
        return report.hasErrors ? nil : (rule, choice)
    }

    /// All of them where none is named. An unknown name is an error: a rule that runs nowhere looks like one that is quiet.
    private func riskProfiles(of incident: MappingReader, _ report: inout ContentReport) -> Set<RiskProfile> {
        guard let node = incident["profiles"] else { return Set(RiskProfile.allCases) }
        let known = RiskProfile.allCases.map(\.rawValue)
        let items = incident.list("profiles", &report)
        if case .list = node.content, items.isEmpty {
            report.error(
                ContentCode.missingKey, "'incident.profiles' is empty", at: node.position,
                hint: "leave the key out for all of them, or write 'enabled: false'")
        }
        var profiles: Set<RiskProfile> = []
        for item in items {
            guard case .scalar(let name, _) = item.content, !item.isNull else {
                report.error(
                    ContentCode.wrongType, "an item of 'incident.profiles' is \(item.kindName), expected text",
                    at: item.position)
                continue
            }
            guard let profile = RiskProfile(rawValue: name) else {
                report.error(
                    ContentCode.unknownValue, "unknown profile '\(shortened(name))'", at: item.position,
                    hint: NearestName.find(name, in: known).map { "did you mean '\($0)'?" }
                        ?? "known: \(known.joined(separator: ", "))")
                continue
            }
            profiles.insert(profile)
        }
        return profiles
    }
}
