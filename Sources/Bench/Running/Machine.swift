import Foundation

/// Where a benchmark ran.
public struct Machine: Hashable, Sendable {
    public var coreCount: Int
    public var processor: String
    public var system: String

    public init(coreCount: Int, processor: String, system: String) {
        self.coreCount = coreCount
        self.processor = processor
        self.system = system
    }

    static func current() -> Machine {
        var name = utsname()
        uname(&name)
        func text<Field>(_ field: Field) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        let models = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
            .filter { $0.hasPrefix("model name") }.compactMap { $0.split(separator: ":").last }
        return Machine(
            coreCount: max(1, ProcessInfo.processInfo.activeProcessorCount),
            processor: models.first?.trimmingCharacters(in: .whitespaces) ?? text(name.machine),
            system: text(name.sysname) + " " + text(name.release))
    }

    /// Largest resident memory of this process: what is measured of a child is never less.
    static var ownPeakBytes: Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1_024
    }
}
