struct CSVRecords {
    let bytes: [UInt8]
    var position: Int
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }
    mutating func next() -> [[UInt8]]? {
        guard position < bytes.count else { return nil }
        var record: [[UInt8]] = []
        var cell: [UInt8] = []
        var inQuotes = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if inQuotes {
                if byte == 34 {
                    if position < bytes.count, bytes[position] == 34 { cell.append(34); position += 1 } else { inQuotes = false }
                } else { cell.append(byte) }
            } else if byte == 34, !cell.contains(where: { $0 != 32 }) { cell = []; inQuotes = true
            } else if byte == 44 { record.append(cell); cell = []
            } else if byte == 10 { break
            } else if byte != 13 { cell.append(byte) }
        }
        record.append(cell)
        return record
    }
}
