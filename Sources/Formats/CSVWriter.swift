public import Columns

/// Writes CSV as RFC 4180 says: CRLF after each record, quotes only where a cell needs them.
public struct CSVWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func record(_ cells: [Text]) {
        // A lone empty cell needs its quotes: without them the record is an empty line.
        if cells.count == 1, cells[0].bytes.isEmpty { bytes += "\"\"".utf8 } else { write(cells) }
        bytes += [0x0D, 0x0A]
    }

    private mutating func write(_ cells: [Text]) {
        for (position, cell) in cells.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            guard cell.bytes.contains(where: Self.needsQuotes) else {
                bytes += cell.bytes
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in cell.bytes {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
}
