/// The form in which names of entities and threat objects compare: lower case.
///
/// Each character by itself, by Unicode's simple lower-case mapping; no locale, no normalisation: "É" as one character
/// and as "E" with a combining accent stay two names.
public enum FoldedName {
    public static func fold(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 >= 0x80 || ($0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z")) }) else {
            return name
        }
        var folded = String.UnicodeScalarView()
        for scalar in name.unicodeScalars { folded.append(fold(scalar)) }
        return String(folded)
    }

    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII {
            guard scalar >= "A", scalar <= "Z" else { return scalar }
            return Unicode.Scalar(UInt8(scalar.value) | 0x20)
        }
        // The full mapping is one scalar but for U+0130, whose first scalar is its simple mapping
        // (Unicode 16, SpecialCasing.txt).
        return scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    }
}
