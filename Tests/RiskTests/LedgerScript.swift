import Columns
import Risk

// Risk arithmetic as text: `events` lists an entity's events, a question below them has the answer under it.
//   event: NAME key=value...; keys: time, rule, firing, message, score, add, multiply, times (that many, each a second
//          later, a firing of its own and, without message=, a message of its own)
//   adjustment: NAME time= score= [answers=NAME]
//   questions: ledger PROFILE, totals PROFILE, without PROFILE
struct LedgerScript {
    struct Failure: Error { var line: String }

    private let lines: [String]
    private var events: [LedgerEvent] = []
    private var names: [String] = []
    private var rules: [String] = []
    private var firings: [String] = []
    private var messages: [String] = []

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    private static let profiles: [String: ScoringProfile] = [
        "splunk": .splunk, "recommended": .recommended, "cap-2": .capped(factor: 2), "cap-3": .capped(factor: 3),
        "ten-messages": .tenMessages,
    ]

    /// The script with what the questions really give.
    func replayed() throws -> String {
        var state = self
        var output: [String] = []
        var isExpectation = false
        for line in lines {
            if line.hasPrefix("  ") {
                if isExpectation { continue }
                try state.read(line)
                output.append(line)
                continue
            }
            let words = line.split(separator: " ").map(String.init)
            isExpectation = false
            output.append(line)
            if line == "events" {
                state = LedgerScript("")
            } else if words.count == 2, ["ledger", "totals", "without"].contains(words[0]) {
                guard let profile = Self.profiles[words[1]] else { throw Failure(line: line) }
                isExpectation = true
                output += state.answer(words[0], profile)
            } else if !line.isEmpty, !line.hasPrefix("#") {
                throw Failure(line: line)
            }
        }
        return output.joined(separator: "\n")
    }

    private static func id(_ name: String, in list: inout [String]) -> Int {
        if let index = list.firstIndex(of: name) { return index }
        list.append(name)
        return list.count - 1
    }

    private mutating func read(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        var settings: [String: String] = [:]
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Failure(line: line) }
            settings[parts[0]] = parts[1]
        }
        func number(_ name: String, _ fallback: Double?) throws -> Double {
            guard let text = settings.removeValue(forKey: name) else {
                guard let fallback else { throw Failure(line: line) }
                return fallback
            }
            guard let number = NumberText.parse(Array(text.utf8)) else { throw Failure(line: line) }
            return number
        }
        let time = Int64(try number("time", nil)) * 1_000_000
        let score = try number("score", nil)
        if let rule = settings.removeValue(forKey: "rule") {
            let (times, add, multiply) = (
                Int(try number("times", 1)), try number("add", 0), try number("multiply", 1)
            )
            let (firing, message) = (settings.removeValue(forKey: "firing"), settings.removeValue(forKey: "message"))
            for index in 0..<times {
                let name = times == 1 ? words[0] : "\(words[0]).\(index + 1)"
                events.append(
                    LedgerEvent(
                        timeMicroseconds: time + Int64(index) * 1_000_000, key: UInt64(Self.id(name, in: &names)),
                        ruleIndex: UInt32(Self.id(rule, in: &rules)),
                        firing: UInt64(Self.id(firing ?? "of \(name)", in: &firings)),
                        message: UInt64(Self.id(message ?? "of \(name)", in: &messages)), riskScore: score,
                        factorAdd: add, factorMultiply: multiply))
            }
        } else {
            let answered = settings.removeValue(forKey: "answers").map { UInt64(Self.id($0, in: &names)) }
            events.append(
                .adjustment(
                    timeMicroseconds: time, key: UInt64(Self.id(words[0], in: &names)), score: score,
                    answeredKey: answered))
        }
        guard settings.isEmpty else { throw Failure(line: line) }
    }

    private func answer(_ question: String, _ profile: ScoringProfile) -> [String] {
        let ledger = RiskLedger(events, profile: profile)
        let totals = "  raw \(NumberText.print(ledger.raw)), counted \(NumberText.print(ledger.counted))"
        switch question {
        case "totals": return [totals]
        case "without":
            return Counterfactuals.withoutEachRule(of: events, profile: profile).map { share in
                "  without rule \(rules[Int(share.ruleIndex)]): raw \(NumberText.print(share.without.raw)), "
                    + "counted \(NumberText.print(share.without.counted))"
            }
        default: return ledger.lines.map(text) + [totals]
        }
    }

    private func text(_ line: LedgerLine) -> String {
        let event = line.event
        var score = NumberText.print(event.riskScore)
        if event.factorAdd != 0 { score = "(\(score) + \(NumberText.print(event.factorAdd)))" }
        if event.factorMultiply != 1 { score += " x \(NumberText.print(event.factorMultiply))" }
        if event.calculatedRiskScore != event.riskScore {
            score += " = \(NumberText.print(event.calculatedRiskScore))"
        }
        let reasons = line.reasons.map {
            $0.text(ruleName: { rules[Int($0)] }, eventName: { names[Int($0)] })
        }
        return "  \(names[Int(event.key)]): \(score), counts \(NumberText.print(line.counted))"
            + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ")))")
            + " -> raw \(NumberText.print(line.runningRaw)), counted \(NumberText.print(line.runningCounted))"
    }
}
