extension BenchReport {
    /// The report for people: what was measured where, a table of sides, a table of ratios, what was left out.
    public var text: String {
        var text = "\(machine.coreCount) cores, \(machine.processor), \(machine.system)"
        text += versions.map { ", \($0.name) \($0.version)" }.joined() + "\n"
        text += "\(data.eventCount) events, \(data.byteCount) bytes, seed \(seed), "
        text += "\(data.matchedEventCount) matched in \(data.groupCount) groups; same answers: yes\n"
        text += "best of \(roundCount) rounds; memory is at least the benchmark's own, \(megabytes(ownPeakBytes)) MB\n"
        let sides = cases.flatMap { item in item.sides.map { row(item.name, $0) } }
        if !sides.isEmpty {
            text += "\n"
            text += Self.table(
                ["case", "side", "seconds", "processor", "events/s", "MB/s", "peak MB", "all rounds"],
                leftAligned: [0, 1, 7], sides)
        }
        let ratios = cases.flatMap { item in
            item.ratios.map { ratio in
                [
                    item.name, ratio.of, ratio.to, decimal(ratio.value, 2), ratio.aim.map { decimal($0, 1) } ?? "-",
                    limits[item.name].map { decimal($0, 2) } ?? "-",
                ]
            }
        }
        if !ratios.isEmpty {
            text += "\n"
            text += Self.table(["case", "time of", "over", "ratio", "aim", "limit"], leftAligned: [0, 1, 2], ratios)
        }
        let notes = cases.flatMap { item in item.notes.map { "\(item.name): \($0)\n" } }
        if !notes.isEmpty { text += "\n" + notes.joined() }
        return text
    }

    private func row(_ name: String, _ side: Side) -> [String] {
        [
            name, side.title, decimal(side.bestSeconds, 3), side.processorSeconds.map { decimal($0, 3) } ?? "-",
            decimal(Double(side.eventCount) / side.bestSeconds, 0),
            decimal(Double(side.byteCount) / side.bestSeconds / 1e6, 0), megabytes(side.peakBytes),
            side.samples.map { decimal($0.seconds, 3) }.joined(separator: " "),
        ]
    }

    private func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1e6, 0) }

    /// Columns two blanks apart. All texts are of this program or a version of a peer, so a character is a column wide.
    private static func table(_ titles: [String], leftAligned: Set<Int>, _ rows: [[String]]) -> String {
        let lines = [titles] + rows
        let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            var line = zip(cells.indices, cells).map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return leftAligned.contains(column) ? cell + padding : padding + cell
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
