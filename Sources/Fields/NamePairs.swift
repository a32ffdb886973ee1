// The little grammar shared by FIELDALIAS- and LOOKUP-: names, `AS`, names; blanks or commas between them, double
// quotes around names that hold blanks.

struct NamePair: Hashable, Sendable {
    var original: String
    var alias: String
    /// ASNEW: an existing value of `alias` stays.
    var keepsExisting = false
}

enum NamePairs {
    struct Word: Hashable {
        var text: String
        var isQuoted: Bool

        func isKeyword(_ keyword: String) -> Bool { !isQuoted && text.uppercased() == keyword }
    }

    static func words(_ text: String) -> [Word] {
        var words: [Word] = []
        var current: [UInt8] = []
        var inQuotes = false
        func close(quoted: Bool) {
            guard quoted || !current.isEmpty else { return }
            words.append(Word(text: String(decoding: current, as: UTF8.self), isQuoted: quoted))
            current = []
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""):
                close(quoted: inQuotes)
                inQuotes.toggle()
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","):
                if inQuotes { current.append(byte) } else { close(quoted: false) }
            default:
                current.append(byte)
            }
        }
        close(quoted: false)
        return words
    }

    /// `a AS b c ASNEW d`. Nil where the text is not of that form.
    static func aliases(_ text: String) -> [NamePair]? {
        let words = words(text)
        guard !words.isEmpty, words.count % 3 == 0 else { return nil }
        var pairs: [NamePair] = []
        for start in stride(from: 0, to: words.count, by: 3) {
            let isNew = words[start + 1].isKeyword("ASNEW")
            guard isNew || words[start + 1].isKeyword("AS") else { return nil }
            pairs.append(
                NamePair(original: words[start].text, alias: words[start + 2].text, keepsExisting: isNew))
        }
        return pairs
    }

    /// `a [AS b] c [AS d]`: a name without AS stands for itself.
    static func optionalAliases(_ words: ArraySlice<Word>) -> [NamePair]? {
        var pairs: [NamePair] = []
        var index = words.startIndex
        while index < words.endIndex {
            guard !words[index].isKeyword("AS") else { return nil }
            let original = words[index].text
            if index + 1 < words.endIndex, words[index + 1].isKeyword("AS") {
                guard index + 2 < words.endIndex else { return nil }
                pairs.append(NamePair(original: original, alias: words[index + 2].text))
                index += 3
            } else {
                pairs.append(NamePair(original: original, alias: original))
                index += 1
            }
        }
        return pairs
    }
}

/// One `LOOKUP-<class>` setting.
struct LookupRule: Hashable, Sendable {
    var table: String
    /// Column of the table, field of the event.
    var inputs: [NamePair]
    /// Nil: all other columns of the table, under their own names.
    var outputs: [NamePair]?
    /// OUTPUTNEW: an output field that a row has stays as it is.
    var keepsExisting: Bool

    init?(_ text: String) {
        let words = NamePairs.words(text)
        guard words.count > 1 else { return nil }
        table = words[0].text
        let output = words.indices.dropFirst().first {
            words[$0].isKeyword("OUTPUT") || words[$0].isKeyword("OUTPUTNEW")
        }
        keepsExisting = output.map { words[$0].isKeyword("OUTPUTNEW") } ?? false
        guard let inputs = NamePairs.optionalAliases(words[1..<(output ?? words.count)]), !inputs.isEmpty else {
            return nil
        }
        self.inputs = inputs
        guard let output else { return }
        guard let outputs = NamePairs.optionalAliases(words[(output + 1)...]), !outputs.isEmpty else { return nil }
        self.outputs = outputs
    }
}
