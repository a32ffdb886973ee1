import Columns
import Glibc

/// A lookup that Splunk's apps compute with a script, as a function of ours. It is there under its name unless content
/// defines a table of that name.
struct ScriptedLookup: Sendable {
    let name: String
    /// The columns that a search gives.
    let inputs: [String]
    /// The columns that it computes.
    let outputs: [String]
    /// The outputs for one value of each input.
    let body: @Sendable ([Text]) -> [Value]

    static let all = [shannonEntropy]

    static func named(_ name: String) -> ScriptedLookup? { all.first { $0.name == name } }

    /// Bits per character. Source: URL Toolbox for Splunk, "ut_shannon".
    private static let shannonEntropy = ScriptedLookup(
        name: "ut_shannon_lookup", inputs: ["word"], outputs: ["ut_shannon"]
    ) { key in
        let characters = Array(key[0].string.unicodeScalars)
        var counts: [Unicode.Scalar: Int] = [:]
        var order: [Unicode.Scalar] = []
        for character in characters {
            counts[character, default: 0] += 1
            if counts[character] == 1 { order.append(character) }
        }
        var entropy = 0.0
        for character in order {
            let share = Double(counts[character] ?? 0) / Double(characters.count)
            entropy -= share * log2(share)
        }
        return [.number(entropy)]
    }
}
