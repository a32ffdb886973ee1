import Columns
import SPL

/// The lookups that searches may name: definitions, and tables by file name. A value; the tables behind it are read and
/// indexed once, however many copies there are.
///
/// A definition goes before a file of the same name, and both before ``ScriptedLookup``.
public struct LookupCatalog: Sendable {
    private var transforms: [String: (transform: LookupTransform, rank: Int)] = [:]
    private var files: [String: LookupFile] = [:]

    public init() {}

    /// - Parameter rank: a definition does not take the place of one of a higher rank.
    public mutating func define(_ transform: LookupTransform, rank: Int = 0) {
        if let known = transforms[transform.name], known.rank > rank { return }
        transforms[transform.name] = (transform, rank)
    }

    /// Makes a table known by its file name; an earlier one of that name is forgotten.
    public mutating func setFile(_ name: String, _ file: LookupFile) { files[name] = file }

    /// `--lookup NAME=CSV`: the rows of this lookup, whatever it read before; how it matches stays.
    public mutating func override(_ name: String, csv: [UInt8]) {
        var transform = transforms[name]?.transform ?? LookupTransform(name: name, store: .file(name))
        transform.store = .file(name)
        transforms[name] = (transform, .max)
        setFile(name, LookupFile(csv: csv))
    }

    /// All names that a search may use, sorted.
    public var names: [String] {
        Set(transforms.keys).union(files.keys).union(ScriptedLookup.all.map(\.name)).sorted()
    }

    /// The table of a name; nil where there is none.
    public subscript(_ name: String) -> LookupTransform? {
        if let known = transforms[name] { return known.transform }
        if files[name] != nil { return LookupTransform(name: name, store: .file(name)) }
        return ScriptedLookup.named(name).map { LookupTransform(name: name, store: .script($0.name)) }
    }

    public func file(_ name: String) -> LookupFile? { files[name] }
}

extension LookupCatalog {
    /// The table that a command names.
    /// - Parameter written: files that the search itself writes.
    /// - Throws: E740 for an unknown name, E746 for a definition whose file is not loaded.
    func resolve(_ token: Token, written: Set<String>) throws(Diagnostic) -> LookupTransform {
        guard let transform = self[token.text] else {
            if written.contains(token.text) { return LookupTransform(name: token.text, store: .file(token.text)) }
            throw unknown(token)
        }
        if case .file(let file) = transform.store, files[file] == nil, !written.contains(file) {
            throw Diagnostic(
                "E746", "lookup '\(token.text)' reads '\(file)', which is not loaded", span: token.span,
                hint: "put the file into the lookups folder of the content, or give it with --lookup \(token.text)=FILE"
            )
        }
        return transform
    }

    private func unknown(_ token: Token) -> Diagnostic {
        let names = self.names
        var hint = NearestName.hint(token.text, in: names)
        if hint == nil, names.contains(token.text + ".csv") { hint = "did you mean '\(token.text).csv'?" }
        return Diagnostic(
            "E740", "unknown lookup '\(token.text)'", span: token.span,
            hint: hint
                ?? "load the content that defines it (--content), or give its rows with --lookup \(token.text)=FILE")
    }

    /// What is known before a run of a table's columns; nil where only the run tells.
    func columns(of transform: LookupTransform) -> [String]? {
        switch transform.store {
        case .file(let name): files[name]?.csv.names
        case .collection(_, let fields): fields.isEmpty ? nil : fields
        case .script(let name): ScriptedLookup.named(name).map { $0.inputs + $0.outputs }
        }
    }
}

extension LookupTransform {
    /// The rows as the run has them: what it wrote itself, else what the content brought; nil where there are none yet.
    func rows(_ catalog: LookupCatalog, _ state: SearchState) -> Batch? {
        switch store {
        case .file(let file): return state.table(file) ?? catalog.file(file)?.csv.rows
        case .collection(let name, let fields):
            let rows = state.collection(name) ?? Batch()
            return fields.isEmpty ? rows : rows.selecting(fields.contains("_key") ? fields : ["_key"] + fields)
        case .script: return nil
        }
    }

    /// Puts rows into the state of the run, in place of those that were there.
    func write(_ rows: Batch, to state: SearchState) {
        switch store {
        case .file(let name): state.setTable(name, rows)
        case .collection(let name, _): state.setCollection(name, rows)
        case .script: return
        }
    }
}
