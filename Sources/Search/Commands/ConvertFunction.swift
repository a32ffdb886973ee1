import Columns
import Formats

/// The functions of `convert`. Source: Splunk Search Reference 9.4, "convert", table of functions.
///
/// `auto` and `num` take the first of these that can convert: plain numbers, durations, minutes and seconds, numbers with
/// k, m or g, with commas, with a unit of letters.
enum ConvertFunction: String, CaseIterable, Sendable {
    case auto, ctime, dur2sec, memk, mktime, mstime, none, num, rmcomma, rmunit

    func convert(_ value: Value, _ format: TimeFormat, _ zone: TimeZoneRules) -> Value {
        guard let text = value.printed else { return .null }
        switch self {
        case .none: return value
        case .auto: return Self.best(for: [value])?.convert(value, format, zone) ?? value
        case .num: return Self.candidates.lazy.compactMap { $0.number(text) }.first.map { .number($0) } ?? .null
        case .ctime:
            guard let seconds = value.numeric, Swift.abs(seconds) < 1e11 else { return value }
            return .text(Text(format.format(microseconds: Int64((seconds * 1_000_000).rounded()), zone: zone)))
        case .mktime:
            let parsed = text.bytes.withUnsafeBytes { format.parse($0, from: 0, zone: zone) }
            return parsed.map { .number(Double($0.microseconds) / 1_000_000) } ?? value
        case .dur2sec, .mstime, .memk: return number(text).map { .number($0) } ?? value
        case .rmcomma: return .text(Text(text.bytes.filter { $0 != UInt8(ascii: ",") }))
        case .rmunit: return Self.leadingNumber(text.bytes).map { .number($0) } ?? value
        }
    }

    private static let candidates: [ConvertFunction] = [.num, .dur2sec, .mstime, .memk, .rmcomma, .rmunit]

    /// The one conversion that makes numbers of all the values; nil where there is none.
    static func best(for values: [Value]) -> ConvertFunction? {
        let texts = values.compactMap(\.printed)
        guard let found = candidates.first(where: { function in texts.allSatisfy { function.number($0) != nil } })
        else {
            return nil
        }
        // Commas go, but what is left is to be a number.
        return found == .rmcomma ? .num : found
    }

    /// The number that this one conversion makes of the text, where all of it fits.
    private func number(_ text: Text) -> Double? {
        switch self {
        case .dur2sec: return Self.durationSeconds(text.string)
        case .mstime: return Self.minutesAndSeconds(text.string)
        case .memk: return Self.kilobytes(text.string)
        case .rmcomma: return NumberText.parse(text.bytes.filter { $0 != UInt8(ascii: ",") })
        case .rmunit:
            let unit = text.bytes.reversed().prefix { ($0 | 0x20) &- 97 < 26 || $0 == UInt8(ascii: "%") }.count
            let number = text.bytes.dropLast(unit)
            return NumberText.parse(Array(number.last == 0x20 ? number.dropLast() : number))
        default: return NumberText.parse(text.bytes)
        }
    }

    /// `D+HH:MM:SS` or `HH:MM:SS`.
    private static func durationSeconds(_ text: String) -> Double? {
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count <= 2, let clock = parts.last else { return nil }
        let fields = clock.split(separator: ":", omittingEmptySubsequences: false).map { parse($0) }
        guard fields.count == 3, let hours = fields[0], let minutes = fields[1], let seconds = fields[2] else {
            return nil
        }
        let days = parts.count == 2 ? parse(parts[0]) : 0
        return days.map { $0 * 86_400 + hours * 3_600 + minutes * 60 + seconds }
    }

    /// `[MM:]SS.SSS`.
    private static func minutesAndSeconds(_ text: String) -> Double? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map { parse($0) }
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
        if let factor = factors[last] { return parse(text.dropLast()).map { $0 * factor } }
        return parse(text[...])
    }

    private static func parse(_ text: Substring) -> Double? { NumberText.parse(Array(text.utf8)) }

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
