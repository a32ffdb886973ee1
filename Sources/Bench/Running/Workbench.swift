import Foundation

/// What the cases work with: the options, the data, and children that all run alike. Used by one thread.
final class Workbench {
    let options: BenchOptions
    let machine: Machine
    let scratch: String
    private(set) var peers: [InstalledPeer] = []
    /// Why a peer does not take part, a line each.
    private(set) var absentPeers: [String] = []
    private let tell: (String) -> Void
    private let lock: Int32
    private var environment: [String] = []
    private var files: [Int: TrailFile] = [:]

    static let setup = "Tests/Performance/setup_peers.sh sets it up"

    /// - Parameter tell: gets a line about what is done.
    /// - Throws: ``BenchError`` E901 for a folder that cannot be used, E904 while another benchmark uses it.
    init(_ options: BenchOptions, tell: @escaping (String) -> Void) throws {
        self.options = options
        self.tell = tell
        machine = Machine.current()
        scratch = options.folder + "/scratch.tmp"
        do {
            try FileManager.default.createDirectory(atPath: options.folder, withIntermediateDirectories: true)
        } catch {
            throw BenchError(.files, "'\(options.folder)' cannot be made: \(error.localizedDescription)")
        }
        let file = open(options.folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw BenchError.system("'\(options.folder)' cannot be written", errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw BenchError(
                .busy, "another benchmark uses '\(options.folder)'", hint: "wait, or give another --folder")
        }
        // Only from here on is there something to clear away in the end.
        lock = file
        try makeScratch()
        environment = childEnvironment()
        try findPeers()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: scratch)
        close(lock)
    }

    /// The invented events, made or checked the first time that their number is asked for.
    func file(eventCount: Int) throws -> TrailFile {
        if let file = files[eventCount] { return file }
        let path = "\(options.folder)/cloudtrail-\(eventCount)-\(options.seed).ndjson"
        let file = try TrailFile.prepare(path: path, TrailGenerator(seed: options.seed, eventCount: eventCount))
        let what = "\(path): \(file.truth.eventCount) events, \(file.truth.byteCount) bytes"
        switch file.state {
        case .kept: tell("\(what), as they were")
        case .written: tell("\(what), written")
        case .replaced: tell("\(what), written anew: the file held something else")
        }
        files[eventCount] = file
        return file
    }

    /// Runs `command` to its end, without the user's own settings of this program.
    func run(_ command: [String], name: String, accepting accepted: Set<Int32> = [0]) throws -> Child {
        try Child.run(command, environment: environment, scratch: scratch, name: name, accepting: accepted)
    }

    /// Runs the program with an empty home, which does not outlive the call.
    func runAccrue(_ arguments: [String], accepting accepted: Set<Int32> = [0]) throws -> Child {
        let home = scratch + "/home"
        try? FileManager.default.removeItem(atPath: home)
        defer { try? FileManager.default.removeItem(atPath: home) }
        return try run(
            [options.program] + arguments + ["--home", home, "--now", SeedRule.now, "--format", "ndjson"],
            name: "accrue", accepting: accepted)
    }

    private func makeScratch() throws {
        // What a run that was killed has left.
        try? FileManager.default.removeItem(atPath: scratch)
        do {
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        } catch {
            throw BenchError(.files, "'\(scratch)' cannot be made: \(error.localizedDescription)")
        }
    }

    private func childEnvironment() -> [String] {
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ACCRUE_") }
        variables["ACCRUE_CACHE"] = options.folder + "/cache"
        variables["LC_ALL"] = "C.UTF-8"
        return variables.map { "\($0.key)=\($0.value)" }.sorted()
    }

    private func findPeers() throws {
        if options.peers == BenchOptions.noPeers { return }
        let python = options.peers ?? options.folder + "/peers/bin/python"
        guard options.peers != nil || access(python, X_OK) == 0 else {
            absentPeers = Peers.all.map { "\($0.title) is not installed; \(Self.setup)" }
            return
        }
        for peer in Peers.all {
            if let version = try peer.version(self, python: python) {
                peers.append(InstalledPeer(peer: peer, python: python, version: version))
            } else {
                absentPeers.append("\(peer.title) is not installed for \(python); \(Self.setup)")
            }
        }
    }
}
