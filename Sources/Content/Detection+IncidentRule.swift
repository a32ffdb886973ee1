extension Detection {
    /// A Correlation as a rule over risk events: its rows become findings. Splunk writes them as notables.
    ///
    /// Source: security_content, deployments/escu_default_configuration_correlation.yml; contentctl puts "RBA: " before the
    /// name where the newest schema has a title.
    public var incidentRule: IncidentRule {
        var subjects = entities.map { IncidentRule.Correlation.Subject(field: $0.field, type: $0.type) }
        // The older generations need not name one: their rows are those of the Risk data model.
        if subjects.isEmpty { subjects = [IncidentRule.Correlation.Subject(field: "risk_object", type: "other")] }
        return IncidentRule(
            name: name, id: id, version: version, status: status, isEnabled: true,
            profiles: Set(RiskProfile.allCases), description: description, search: search, searchOrigin: searchOrigin,
            searchName: searchName, schedule: schedule, throttling: throttling, entityField: subjects[0].field,
            entityTypeField: "risk_object_type", entityNameField: subjects[0].field, severityField: nil,
            title: findingTitle ?? "RBA: \(name)", securityDomain: securityDomain, file: file,
            correlation: IncidentRule.Correlation(subjects: subjects, severity: severity))
    }
}
