import Columns
import Formats

/// Another engine that answers the seed rule over the same file, run by Python.
struct Peer: Sendable {
    /// The module's name in Python and on PyPI.
    let module: String
    /// As people write it.
    let title: String
    /// Its text: the file is `sys.argv[1]`, the number of threads `sys.argv[2]`. It prints one line of JSON as
    /// ``Answer`` reads it.
    ///
    /// A peer is given its best case: only the columns that the query needs, with their types, all cores, and the best
    /// of three in one process, with the clock around the query alone.
    let script: String

    /// What a peer printed.
    struct Answer {
        var version: String
        /// Of the fastest of its queries.
        var seconds: Double
        var rows: [SeedRow]
        var peakBytes: Int
    }

    /// The version that Python imports.
    ///
    /// - Returns: nil where there is no such module.
    /// - Throws: ``BenchError`` E902 when Python itself cannot run, or the module cannot be imported.
    func version(_ bench: Workbench, python: String) throws -> String? {
        let probe = """
            import importlib.util, sys
            if importlib.util.find_spec(sys.argv[1]) is None: sys.exit(7)
            print(__import__(sys.argv[1]).__version__)
            """
        let child = try bench.run([python, "-c", probe, module], name: module, accepting: [0, 7])
        guard child.exitCode == 0 else { return nil }
        var version: String?
        try ChildLines.forEach(of: child.output) { version = String(decoding: $0, as: UTF8.self) }
        return version
    }

    /// Runs the query.
    ///
    /// - Throws: ``BenchError`` E902.
    func answer(_ bench: Workbench, python: String, _ file: TrailFile) throws -> Answer {
        let child = try bench.run(
            [python, "-c", script, file.path, String(bench.machine.coreCount)], name: module)
        var answer: Answer?
        try ChildLines.forEachJSON(of: child.output) { line in
            guard let version = line["version"]?.plainText,
                let seconds = line["seconds"]?.plainText.flatMap(Double.init)
            else { return }
            answer = Answer(
                version: version, seconds: seconds, rows: line["rows"]?.elements.map(SeedRow.init) ?? [],
                peakBytes: child.sample.peakBytes)
        }
        guard let answer else { throw BenchError(.child, "\(title) printed no answer") }
        return answer
    }
}

/// A peer that is there.
struct InstalledPeer: Sendable {
    let peer: Peer
    let python: String
    let version: String

    var title: String { "\(peer.title) \(version)" }

    /// The seed rule's query over `file`; memory is that of all its rounds and of Python.
    func side(_ bench: Workbench, _ file: TrailFile) -> Side {
        Side(
            title: title, file: file, checkKey: "\(peer.module) \(file.path)",
            check: {
                let answer = try peer.answer(bench, python: python, file)
                return [Difference.ofRows(title, found: answer.rows, truth: file.truth.rows)].compactMap { $0 }
            },
            measure: {
                let answer = try peer.answer(bench, python: python, file)
                return Sample(seconds: answer.seconds, processorSeconds: nil, peakBytes: answer.peakBytes)
            })
    }
}
