public import Search

extension LookupTransform {
    /// A stanza of transforms.conf that names a table; nil where it names none that can be read.
    init?(_ stanza: ConfLayers.Stanza, _ problems: inout ProblemList) {
        var found: [LookupSettingProblem] = []
        let read = LookupTransform(name: stanza.name, settings: stanza.settings.mapValues(\.text), problems: &found)
        for problem in found {
            problems.add(
                problem.isUnsupported ? "E451" : "E452", problem.setting.flatMap { stanza[$0] } ?? stanza.place,
                problem.message, hint: problem.hint)
        }
        guard let read else { return nil }
        self = read
    }
}

extension ConfLayers.Stanza {
    var isLookup: Bool { LookupTransform.storeSettingNames.contains { settings[$0] != nil } }
}

extension AddonSet {
    /// The lookups that searches may use: every table by its file name, and the definitions of transforms.conf, each
    /// with the rank of the highest layer that says anything of it.
    public var lookups: LookupCatalog {
        var catalog = LookupCatalog()
        for (name, table) in tables { catalog.setFile(name, table.file) }
        var problems = ProblemList()
        for stanza in transforms.stanzas where stanza.isLookup {
            if let transform = LookupTransform(stanza, &problems) { catalog.define(transform, rank: stanza.rank) }
        }
        return catalog
    }
}
