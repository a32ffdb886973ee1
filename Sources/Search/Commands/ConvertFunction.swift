import Columns
import Formats

/// The functions of `convert`. Source: Splunk Search Reference 9.4, "convert", table of functions.
enum ConvertFunction: String, CaseIterable, Sendable {
    case auto, ctime, dur2sec, memk, mktime, mstime, none, num, rmcomma, rmunit

    func convert(_ value: Value, _ format: TimeFormat, _ zone: TimeZoneRules) -> Value {
        guard let text = value.printed else { return .null }
        switch self {
        case .none: return value
        case .auto: return value.numeric.map { .number($0) } ?? value
        case .num: return value.numeric.map { .number($0) } ?? .null
        case .ctime:
            guard let seconds = value.numeric, Swift.abs(seconds) < 1e11 else { return value }
            return .text(Text(format.format(microseconds: Int64((seconds * 1_000_000).rounded()), zone: zone)))
        case .mktime:
            let parsed = text.bytes.withUnsafeBytes { format.parse($0, from: 0, zone: zone) }
            return parsed.map { .number(Double($0.microseconds) / 1_000_000) } ?? value
        case .dur2sec: return Self.durationSeconds(text.string).map { .number($0) } ?? value
        case .mstime: return Self.minutesAndSeconds(text.string).map { .number($0) } ?? value
        case .memk: return Self.kilobytes(text.string).map { .number($0) } ?? value
        case .rmcomma: return .text(Text(text.bytes.filter { $0 != UInt8(ascii: ",") }))
        case .rmunit: return Self.leadingNumber(text.bytes).map { .number($0) } ?? value
        }
    }

    /// `D+HH:MM:SS` or `HH:MM:SS`.
    private static func durationSeconds(_ text: String) -> Double? {
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count <= 2, let clock = parts.last else { return nil }
        let fields = clock.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard fields.count == 3, let hours = fields[0], let minutes = fields[1], let seconds = fields[2] else {
            return nil
        }
        let days = parts.count == 2 ? Double(parts[0]) : 0
        return days.map { $0 * 86_400 + hours * 3_600 + minutes * 60 + seconds }
    }

    /// `[MM:]SS.SSS`.
    private static func minutesAndSeconds(_ text: String) -> Double? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        switch fields.count {
        case 1: return fields[0]
        case 2:
            guard let minutes = fields[0], let seconds = fields[1] else { return nil }
            return minutes * 60 + seconds
        default: return nil
        }
    }

    /// `10m` is 10240: k, m and g after a number, kilobytes when there is none.
    private static func kilobytes(_ text: String) -> Double? {
        let factors: [Character: Double] = ["k": 1, "m": 1_024, "g": 1_048_576]
        guard let last = text.lowercased().last else { return nil }
        if let factor = factors[last] { return NumberText.parse(Array(text.dropLast().utf8)).map { $0 * factor } }
        return NumberText.parse(Array(text.utf8))
    }

    private static func leadingNumber(_ bytes: [UInt8]) -> Double? {
        var end = 0
        var best: Double?
        while end < min(bytes.count, 64) {
            end += 1
            if let number = NumberText.parse(Array(bytes[0..<end])) { best = number }
        }
        return best
    }
}
