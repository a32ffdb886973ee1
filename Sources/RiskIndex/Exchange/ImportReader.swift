import Formats

/// Checks lines and takes them apart, up to what one transaction holds.
///
/// Not Sendable: one thread reads, another may write what was taken.
public final class ImportReader {
    /// Of one transaction; about 100 MB of memory.
    private static let maxEvents = 1 << 17
    private static let maxArenaBytes = 64 << 20
    /// Keys are spread over all pages of their indexes, so that a transaction writes most of those again: of a long import
    /// they hold three times as much, from about two million events on.
    private static let longImportLines = 1 << 21
    private static let longImportFactor = 3

    private let parser = JSONParser()
    private var group = ImportGroup()
    private var rules = SharedNumbers()
    private var riskObjects = SharedNumbers()
    private var threatObjects = SharedNumbers()
    private var firings = SharedNumbers()
    private var lineNumber = 0
    /// Of all groups that were taken.
    private var takenLineCount = 0
    /// Holds a rule's or a name's texts while they are looked up.
    private var shared: [UInt8] = []
    /// The header said that these lines are of another version.
    public private(set) var isOfNewerVersion = false

    public init() {}

    /// Begins another input: lines count from 1 again. - Precondition: what was read of the one before has been taken.
    public func beginInput(_ index: Int) {
        group.inputIndex = index
        lineNumber = 0
        isOfNewerVersion = false
    }

    /// Whether there is something to take, and whether it is as much as a transaction should hold.
    public var isEmpty: Bool { group.lineCount == 0 && group.rejectCount == 0 }
    public var isFull: Bool {
        let factor = takenLineCount >= Self.longImportLines ? Self.longImportFactor : 1
        return group.events.count >= factor * Self.maxEvents || group.arena.count >= factor * Self.maxArenaBytes
    }

    /// What was read since the last time.
    public func take() -> ImportGroup {
        group.rules = rules.texts
        group.riskObjects = riskObjects.texts
        group.threatObjects = threatObjects.texts
        group.firings = firings.texts
        let taken = group
        takenLineCount += taken.lineCount
        group = ImportGroup()
        group.inputIndex = taken.inputIndex
        (rules, riskObjects) = (SharedNumbers(), SharedNumbers())
        (threatObjects, firings) = (SharedNumbers(), SharedNumbers())
        return taken
    }

    /// Reads one line, without its line feed. Blank ones count and say nothing.
    public func read(_ line: UnsafeRawBufferPointer) {
        lineNumber += 1
        group.lineCount += 1
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        guard line.count <= ExchangeForm.maxLineBytes else { return reject(Self.tooLong) }
        do throws(JSONError) {
            let result: Result<Void, ImportReject> = try parser.withTokens(of: line, maxLevel: 1) { tokens in
                Result { () throws(ImportReject) in try read(line, tokens) }
            }
            if case .failure(let fault) = result { reject(fault) }
        } catch {
            reject(ImportReject(.notAnObject, "not one JSON object: \(error)"))
        }
    }

    /// Counts a line that is too long to be held.
    public func rejectLongLine() {
        lineNumber += 1
        group.lineCount += 1
        reject(Self.tooLong)
    }

    private static let tooLong = ImportReject(.tooLong, "longer than \(ExchangeForm.maxLineBytes >> 20) MiB")

    private func reject(_ fault: ImportReject) {
        var fault = fault
        fault.lineNumber = lineNumber
        group.add(fault)
    }

    private func read(_ line: UnsafeRawBufferPointer, _ tokens: JSONTokenList) throws(ImportReject) {
        guard tokens[0].kind == .object else { throw ImportReject(.notAnObject, "no JSON object") }
        guard let kindToken = Self.kindToken(line, tokens) else { throw .badMember("kind", "is missing or no text") }
        let kindText = UnsafeRawBufferPointer(rebasing: line[kindToken.range])
        guard let kind = ExchangeKind.allCases.first(where: { $0.rawValue.utf8.elementsEqual(kindText) }) else {
            let shown = String(decoding: kindText.prefix(40), as: UTF8.self)
            throw ImportReject(.unknownKind, "unknown kind '\(shown)'")
        }
        switch kind {
        case .riskEvent: try readEvent(line, tokens)
        case .header: try readHeader(line)
        default:
            let text = ByteSlice(start: UInt32(group.arena.count), count: UInt32(line.count))
            group.arena.append(contentsOf: line)
            group.others.append(ImportGroup.OtherLine(kind: kind, lineNumber: lineNumber, text: text))
        }
    }

    /// The value of the first member `kind`, which most lines begin with.
    private static func kindToken(_ line: UnsafeRawBufferPointer, _ tokens: JSONTokenList) -> JSONToken? {
        var at = 1
        while at + 1 < tokens.count, tokens[at].kind == .key {
            let value = tokens[at + 1]
            if line[tokens[at].range].elementsEqual("kind".utf8) { return value.kind == .string ? value : nil }
            at += value.kind == .object || value.kind == .array ? 3 : 2
        }
        return nil
    }

    private func readHeader(_ text: UnsafeRawBufferPointer) throws(ImportReject) {
        let line = try ExchangeLine(text, parser: JSONParser())
        let version = try line.integer("version")
        guard version <= ExchangeForm.version else {
            isOfNewerVersion = true
            throw ImportReject(.newerVersion, "lines of version \(version), which a newer accrue wrote")
        }
    }

    /// Nothing of a line that is refused stays: it is checked whole before any of it is kept.
    private func readEvent(_ text: UnsafeRawBufferPointer, _ tokens: JSONTokenList) throws(ImportReject) {
        let line = try EventLine(text, tokens)
        let checked = try line.checked()
        line.appendRule(to: &shared)
        let rule = shared.withUnsafeBytes { rules.number(of: $0, in: &group.arena) }
        line.appendRiskObject(to: &shared)
        let riskObject = shared.withUnsafeBytes { riskObjects.number(of: $0, in: &group.arena) }
        let firing = firings.number(of: checked.firing, in: &group.arena)
        let threatStart = group.threatLinks.count
        checked.threatObjects.withBytes(in: text) { list in
            ListText.forEachList(list) { pair in
                group.threatLinks.append(threatObjects.number(of: pair, in: &group.arena))
            }
        }
        group.events.append(
            line.event(
                checked, rule: rule, riskObject: riskObject, firing: firing,
                threats: threatStart..<group.threatLinks.count, arena: &group.arena))
    }
}
