import Columns
public import RiskIndex

extension RiskEvent {
    /// Appends the event in Splunk's stash form: the time, the search's name, then `name="value"` by name, a comma and a
    /// blank between; several values of a field are so many pairs. Backslashes and quotes are escaped.
    ///
    /// Line ends within values become blanks: a line is an event, and stash has no escape for them. A field of the result
    /// row that Splunk has for events itself gets the prefix `orig_`, one that begins with `_` is left out.
    /// Source: `result2stash` of Splunk_SA_CIM's cim_actions.py (ES 7), which ES's risk action writes by.
    public func appendStash(to bytes: inout [UInt8]) {
        let (seconds, fraction) = timeMicroseconds.quotientAndRemainder(dividingBy: 1_000_000)
        // Before 1970 the fraction counts down; Splunk reads no such times, the sign keeps them apart.
        bytes.append(contentsOf: (timeMicroseconds < 0 && seconds == 0 ? "-0" : String(seconds)).utf8)
        if fraction != 0 {
            let digits = String(fraction.magnitude)
            bytes.append(UInt8(ascii: "."))
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 6 - digits.utf8.count))
            bytes.append(contentsOf: digits.utf8)
        }
        Self.append("search_name", .text(searchName), to: &bytes)
        let own: Set = ["_time", "search_name", "index", "source", "sourcetype"]
        let fields = splunkFields.filter { !own.contains($0.name) && !$0.name.hasPrefix("_") }
            .map { (name: Self.eventFields.contains($0.name) ? "orig_" + $0.name : $0.name, value: $0.value) }
        for (name, value) in fields.sorted(by: { Text($0.name) < Text($1.name) }) {
            Self.append(name, value, to: &bytes)
        }
    }

    /// Source: `DEFAULT_MAPEXP` of cim_actions.py.
    private static let eventFields: Set = [
        "splunk_server", "host", "linecount", "timestartpos", "timeendpos", "eventtype", "tag", "event_hash",
        "event_id",
    ]

    private static func append(_ name: String, _ value: Value, to bytes: inout [UInt8]) {
        for element in value.elements {
            guard let text = element.printed else { continue }
            bytes.append(contentsOf: ", ".utf8)
            bytes.append(contentsOf: name.utf8.map { isNameByte($0) ? $0 : UInt8(ascii: "_") })
            bytes.append(contentsOf: "=\"".utf8)
            for byte in text.bytes {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
                case 0x0A, 0x0D: bytes.append(UInt8(ascii: " "))
                default: bytes.append(byte)
                }
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// A name from logs must not end its pair, nor begin another.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && !"\"=,".utf8.contains(byte)
    }
}
