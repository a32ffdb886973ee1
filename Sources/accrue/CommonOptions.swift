import ArgumentParser
import Content
import Engine
import Formats
import Foundation
import Ingest
import RiskIndex
import Search

/// The options that all commands share.
struct CommonOptions: ParsableArguments {
    @Option(help: "Where state lives: risk.sqlite. Also ACCRUE_HOME.")
    var home: String?

    @Option(
        help:
            "Content to load on top of what is shipped: a security_content checkout or a Splunk app. Repeatable; later ones win. Also ACCRUE_CONTENT, a colon list."
    )
    var content: [String] = []

    @Flag(help: "Leave the shipped content out.")
    var noDefaultContent = false

    @Flag(
        help:
            "Parse every event, share no work between searches, use one thread: slower, and the results must be the same."
    )
    var plain = false

    @Flag(
        help:
            "Parse all content anew. Otherwise what was parsed is kept in ACCRUE_CACHE, by default ~/.cache/accrue; it may be deleted at any time. An empty ACCRUE_CACHE does the same as this."
    )
    var noCache = false

    @Option(parsing: .unconditional, help: "The clock of this run: ISO 8601 or epoch seconds. Default: the real clock.")
    var now: String?

    @Option(parsing: .unconditional, help: "Start of event time, inclusive: a Splunk time modifier, ISO 8601 or epoch.")
    var earliest: String?

    @Option(parsing: .unconditional, help: "End of event time, exclusive.")
    var latest: String?

    @Option(help: "Output form; the commands say which they have.")
    var format: String?

    @Option(help: "How risk adds up, and when a finding is told again: splunk or recommended.")
    var profile = "splunk"

    @Option(help: "Time zone of timestamps without one, of @d and of printed times, such as Europe/Berlin.")
    var tz = "UTC"

    @Option(help: "A City database in MaxMind's format, for iplocation. Also ACCRUE_GEOIP.")
    var geoip: String?

    func validate() throws {
        guard RiskProfile(rawValue: profile) != nil else {
            throw ValidationError(
                "unknown profile '\(profile)'; profiles: "
                    + RiskProfile.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    /// `validate` has looked at the name.
    var riskProfile: RiskProfile { RiskProfile(rawValue: profile) ?? .splunk }

    var homeFolder: String { home ?? environment("ACCRUE_HOME") ?? "./.accrue" }

    /// UTC microseconds. The only place that reads the real clock.
    func clock() throws -> Int64 {
        guard let now else { return Int64(Date().timeIntervalSince1970 * 1_000_000) }
        return try time(now, option: "--now", now: 0)
    }

    func range(now: Int64) throws -> TimeRange {
        TimeRange(
            earliest: try earliest.map { try time($0, option: "--earliest", now: now) },
            latest: try latest.map { try time($0, option: "--latest", now: now) })
    }

    func time(_ text: String, option: String, now: Int64) throws -> Int64 {
        do {
            return try RelativeTime.parse(text).resolve(now: now, zone: zone())
        } catch let error as TimeModifierError {
            throw UsageError(
                message: "\(option) '\(text)' is no time: \(error.message)",
                hint: "write 2026-11-23T06:00:00Z, epoch seconds, or a modifier such as -24h@h")
        }
    }

    /// `now` moved by a duration such as `24h` or `7d`, which has no sign of its own.
    ///
    /// - Parameter sign: `-` looks back, `+` ahead.
    func moved(_ sign: Character, _ duration: String, option: String, now: Int64) throws -> Int64 {
        guard let relative = try? RelativeTime.parse("\(sign)\(duration)"), !relative.isAbsolute else {
            throw UsageError(
                message: "\(option) '\(Console.escape(duration))' is no duration", hint: "write 24h, 7d or 30d")
        }
        return relative.resolve(now: now, zone: try zone())
    }

    func zone() throws -> TimeZoneRules {
        if let zone = TimeZoneRules.named(tz) { return zone }
        throw UsageError(
            message: "unknown time zone '\(tz)'", hint: "write a name of /usr/share/zoneinfo, such as Europe/Berlin")
    }

    /// - Parameter ruleFiles: single files to load on top of all folders.
    func loadContent(ruleFiles: [String] = []) throws -> LoadedContent {
        var folders: [String] = []
        if !noDefaultContent {
            let executable = CommandLine.arguments.first.map(Self.executablePath) ?? ""
            guard
                let shipped = ContentSearchPath.shippedFolder(
                    executable: executable, workingDirectory: FileManager.default.currentDirectoryPath)
            else {
                throw EngineError(
                    "E802", "the shipped content is not found",
                    hint: "keep rules/ and risk/ in ../share/accrue beside the executable, or in the working directory")
            }
            folders += [shipped + "/rules", shipped + "/risk"]
        }
        folders += (environment("ACCRUE_CONTENT") ?? "").split(separator: ":").map(String.init) + content
        var content = try LoadedContent(
            path: ContentSearchPath(folders: folders, files: ruleFiles), cacheFolder: cacheFolder,
            threadCount: threadCount)
        content.isPlain = plain
        if let path = geoip ?? environment("ACCRUE_GEOIP") { try content.openLocations(path: path) }
        return content
    }

    /// Nil for no cache. Source for the default: XDG Base Directory Specification 0.8, `$XDG_CACHE_HOME`.
    private var cacheFolder: String? {
        let variables = ProcessInfo.processInfo.environment
        if noCache || plain { return nil }
        if let folder = variables["ACCRUE_CACHE"] { return folder.isEmpty ? nil : folder }
        func absolute(_ name: String) -> String? { variables[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        return (absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { $0 + "/.cache" }).map { $0 + "/accrue" }
    }

    private static func executablePath(_ argument: String) -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? argument
    }

    private func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    var threadCount: Int { plain ? 1 : max(1, min(16, ProcessInfo.processInfo.activeProcessorCount)) }

    /// For writing: the folder is made when it is missing.
    func openIndex(now: Int64) throws -> RiskIndex {
        do {
            try FileManager.default.createDirectory(atPath: homeFolder, withIntermediateDirectories: true)
        } catch {
            throw EngineError(
                "E807", "home folder '\(homeFolder)' cannot be made: \(error.localizedDescription)",
                hint: "choose another folder with --home")
        }
        return try RiskIndex.open(path: homeFolder + "/risk.sqlite", now: now, readOnly: false)
    }

    func openIndexForReading(now: Int64) throws -> RiskIndex {
        try Self.openIndexForReading(home: homeFolder, now: now)
    }

    static func openIndexForReading(home: String, now: Int64) throws -> RiskIndex {
        try RiskIndex.open(path: home + "/risk.sqlite", now: now, readOnly: true)
    }
}

/// Options of commands that run searches.
struct SearchOptions: ParsableArguments {
    @Flag(help: "None of Splunk's limits: sort 10,000, subsearch 10,000, join 50,000, list 100, map 10, ...")
    var noLimits = false

    @Option(help: "Seconds that one search may take. Default: no bound.")
    var maxSeconds: Double?

    @Option(help: "MiB of rows that one search may hold. Default: 4096.")
    var maxMemory: Int?

    @Option(
        help: ArgumentHelp(
            "Folder for what searches write (outputlookup, fit, collect, sendalert); --content DIR reads it back. Otherwise it ends with the run.",
            valueName: "dir"))
    var keep: String?

    func validate() throws {
        if let maxSeconds, maxSeconds <= 0 { throw ValidationError("--max-seconds takes a number above 0") }
        if let maxMemory, maxMemory <= 0 || maxMemory > 1 << 30 {
            throw ValidationError("--max-memory takes MiB above 0")
        }
    }

    var limits: SearchLimits {
        var limits = noLimits ? SearchLimits.unlimited : SearchLimits()
        if let maxMemory { limits.memoryBytes = maxMemory << 20 }
        return limits
    }

    /// Starts a clock for one search; what it gives tells whether the time is up.
    var deadline: (@Sendable () -> @Sendable () -> Bool)? {
        guard let maxSeconds else { return nil }
        return {
            let end = ContinuousClock.now + .seconds(maxSeconds)
            return { ContinuousClock.now > end }
        }
    }
}

/// Options of commands that read logs.
struct InputOptions: ParsableArguments {
    @Option(help: "Sourcetype of all events; otherwise recognised by content.")
    var sourcetype: String?

    @Option(help: "Source of all events.")
    var source: String?

    @Option(help: "Host of all events.")
    var host: String?

    func specs(_ paths: [String]) -> [InputSpec] {
        paths.map { InputSpec(path: $0, sourcetype: sourcetype, source: source, host: host) }
    }
}
