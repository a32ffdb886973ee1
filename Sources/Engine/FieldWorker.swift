import Columns
import Fields
import Search

/// Counts the fields of chunks. One per thread.
final class FieldWorker {
    private let environment: ScanEnvironment
    private let probes: [FieldProbes.Probe]
    private var decoders: [EventOrigin: EventDecoder] = [:]
    /// Envelopes may name any number of hosts and sources.
    private static let maximumDecoders = 1_024
    /// What data models write for nothing.
    private static let nothing = Value.text("unknown")

    init(_ environment: ScanEnvironment, _ probes: [FieldProbes.Probe]) {
        self.environment = environment
        self.probes = probes
    }

    func tally(_ events: EventBatch) throws(SearchError) -> FieldTally {
        var tally = FieldTally()
        for (origin, rows) in events.rowsByOrigin {
            let (batch, trace) = try decoder(origin).decodeTracing(events, rows: rows)
            var sourcetype = tally.sourcetypes.removeValue(forKey: origin.sourcetype) ?? FieldTally.Sourcetype()
            sourcetype.eventCount += rows.count
            count(batch, trace, rows, in: &sourcetype)
            for (number, probe) in probes.enumerated() { try ask(probe, number, batch, in: &sourcetype) }
            tally.sourcetypes[origin.sourcetype] = sourcetype
        }
        return tally
    }

    private func decoder(_ origin: EventOrigin) throws(SearchError) -> EventDecoder {
        if let known = decoders[origin] { return known }
        if decoders.count >= Self.maximumDecoders { decoders.removeAll() }
        let made = try EventDecoder(
            addons: environment.addons, origin: origin, needed: .all, zone: environment.zone,
            search: environment.search)
        decoders[origin] = made
        return made
    }

    private func count(
        _ batch: Batch, _ trace: FieldTrace, _ rows: [Int], in sourcetype: inout FieldTally.Sourcetype
    ) {
        for (name, column) in zip(batch.names, batch.columns) where name != "_raw" {
            guard let first = column.ids.firstIndex(where: { $0 != 0 }) else { continue }
            var field = FieldTally.Field()
            field.eventCount = column.ids.count { $0 != 0 }
            field.firstEvent = rows[first]
            field.example = Self.example(column[first])
            for (maker, count) in trace.makers(of: name) { field.makers[maker] = count }
            sourcetype.fields[name, default: FieldTally.Field()].add(field)
        }
    }

    private static func example(_ value: Value) -> String {
        let bytes = value.elements.first?.printed?.bytes ?? []
        // A character may be any number of bytes, so those are bounded too.
        let head = String(decoding: bytes.prefix(8 * FieldsReport.exampleLength), as: UTF8.self)
        let short = head.prefix(FieldsReport.exampleLength)
        return short.utf8.count < bytes.count ? short.dropLast() + "…" : String(short)
    }

    private func ask(
        _ probe: FieldProbes.Probe, _ number: Int, _ batch: Batch, in sourcetype: inout FieldTally.Sourcetype
    ) throws(SearchError) {
        let mask = probe.predicate.evaluate(batch)
        let rows = mask.indices.filter { mask[$0] }
        guard !rows.isEmpty else { return }
        var accepted = FieldTally.Accepted(
            eventCount: rows.count, isFilled: [Bool](repeating: false, count: probe.fields.count))
        if let search = probe.calculations {
            var context = ExecutionContext(
                nowMicroseconds: environment.search.nowMicroseconds, zone: environment.search.zone)
            let dataset = try search.run([batch.gathered(rows)], skipping: search.filteredBySource, &context)
            for (field, name) in probe.fields.enumerated() {
                accepted.isFilled[field] = dataset.column(name)?.contains { $0 != Self.nothing } ?? false
            }
        } else {
            for (field, name) in probe.fields.enumerated() {
                guard let column = batch.column(name) else { continue }
                accepted.isFilled[field] = rows.contains { column.ids[$0] != 0 }
            }
        }
        if sourcetype.accepted[number]?.add(accepted) == nil { sourcetype.accepted[number] = accepted }
    }
}

extension Column {
    /// Some row has a value for which `isWanted` holds.
    fileprivate func contains(_ isWanted: (Value) -> Bool) -> Bool {
        ids.contains { $0 != 0 && isWanted(values[Int($0)]) }
    }
}
