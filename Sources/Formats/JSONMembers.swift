public import Columns

/// The outermost level of a JSON text as field values, what lies deeper as its source text.
public enum JSONMembers {
    /// The members of an object in source order. An array gives its elements, a null nothing; a key that comes twice
    /// comes twice. - Throws: for anything but an object.
    public static func read(
        _ text: UnsafeRawBufferPointer, _ parser: JSONParser
    ) throws(JSONError) -> [(name: Text, values: [Text])] {
        let tokens = try parser.tokens(of: text, maxLevel: 2)
        guard tokens[0].kind == .object else { throw JSONError(.notObject, byteOffset: 0) }
        var members: [(name: Text, values: [Text])] = []
        var index = 1
        while tokens[index].kind != .end {
            let name = tokens.valueText(at: index, in: text)
            let value = index + 1
            var values: [Text] = []
            switch tokens[value].kind {
            case .array:
                var element = value + 1
                while tokens[element].kind != .end {
                    if tokens[element].kind != .null { values.append(tokens.valueText(at: element, in: text)) }
                    element = tokens.indexBehindValue(at: element)
                }
            case .null: break
            default: values.append(tokens.valueText(at: value, in: text))
            }
            members.append((name, values))
            index = tokens.indexBehindValue(at: value)
        }
        return members
    }

    /// The source texts of an array's elements; an object is an array of itself.
    public static func elements(
        _ text: UnsafeRawBufferPointer, _ parser: JSONParser
    ) throws(JSONError) -> [Range<Int>] {
        let tokens = try parser.tokens(of: text, maxLevel: 1)
        guard tokens[0].kind == .array else { return [tokens[0].range] }
        var ranges: [Range<Int>] = []
        var index = 1
        while tokens[index].kind != .end {
            ranges.append(tokens[index].range)
            index = tokens.indexBehindValue(at: index)
        }
        return ranges
    }
}

extension [JSONToken] {
    /// The index behind the value that begins at `index`, members and end included.
    func indexBehindValue(at index: Int) -> Int {
        var index = index
        var depth = 0
        repeat {
            switch self[index].kind {
            case .object, .array: depth += 1
            case .end: depth -= 1
            default: break
            }
            index += 1
        } while depth > 0
        return index
    }

    /// A key or string decoded, all else as it stands in the source.
    func valueText(at index: Int, in text: UnsafeRawBufferPointer) -> Text {
        let source = UnsafeRawBufferPointer(rebasing: text[self[index].range])
        return self[index].hasEscapes ? Text(JSONText.decoded(source)) : Text(source)
    }
}
