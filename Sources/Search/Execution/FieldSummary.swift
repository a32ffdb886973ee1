import Columns

/// What `fieldsummary` knows of one field. Moments run from the first row to the last.
struct FieldSummary: Sendable {
    /// Rows that have the field; a multivalue has several values in one of them.
    private(set) var count = 0
    private(set) var counts: [Text: Int] = [:]
    private(set) var numericCount = 0
    private(set) var sum = 0.0
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    private(set) var origins: [UInt32]?
    private var mean = 0.0
    private var squares = 0.0

    mutating func add(_ column: Column, _ rowOrigins: [[UInt32]]?) {
        for row in 0..<column.rowCount where column.ids[row] != 0 {
            if let rowOrigins {
                if origins == nil { origins = [] }
                origins?.append(contentsOf: rowOrigins[row])
            }
            count += 1
            for value in column[row].elements {
                guard let text = value.printed else { continue }
                counts[text, default: 0] += 1
                if let number = value.numeric { add(number) }
            }
        }
    }

    private mutating func add(_ number: Double) {
        numericCount += 1
        sum += number
        minimum = min(minimum, number)
        maximum = max(maximum, number)
        let delta = number - mean
        mean += delta / Double(numericCount)
        squares += delta * (number - mean)
    }

    /// Of the sample; 0 for one number, nil for none.
    var deviation: Double? {
        switch numericCount {
        case 0: nil
        case 1: 0
        default: (squares / Double(numericCount - 1)).squareRoot()
        }
    }

    /// `[{"value":"a","count":2},...]`, the most frequent first, of equals the first by bytes.
    func valuesText(_ limit: Int) -> Text {
        let ordered = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (index, entry) in ordered.prefix(limit).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += Array("{\"value\":\"".utf8)
            for byte in entry.key.bytes {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
                case 0..<0x20:
                    let hex = String(byte, radix: 16)
                    bytes += Array(("\\u00" + (hex.utf8.count == 1 ? "0" : "") + hex).utf8)
                default: bytes.append(byte)
                }
            }
            bytes += Array("\",\"count\":\(entry.value)}".utf8)
        }
        bytes.append(UInt8(ascii: "]"))
        return Text(bytes)
    }
}
