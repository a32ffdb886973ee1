import Columns
public import SPL

/// How the pieces of an input are worked on: a search that splits runs through it, with the result of a run in one piece.
public struct PieceWork: Sendable {
    public typealias Work = @Sendable (Range<Int>) -> Result<PartialResult, SearchError>

    /// Below this many pieces one run is as fast.
    static let fewest = 4

    /// Rows of a piece; not a matter of how many cores there are.
    var rowCount = 16_384
    /// How many pieces are held before they are merged.
    private let atOnce: Int
    private let map: @Sendable ([Range<Int>], Work) -> [Result<PartialResult, SearchError>]

    /// - Parameter map: the results in the order of the pieces, made in any order and on any thread.
    public init(
        atOnce: Int, _ map: @escaping @Sendable ([Range<Int>], Work) -> [Result<PartialResult, SearchError>]
    ) {
        self.atOnce = atOnce
        self.map = map
    }

    /// Nil where the search runs in one piece: it does not split, has few rows, or might tell another story in pieces. What
    /// fails in a piece fails there too, but perhaps not first: one piece says what is to be said.
    func result(
        of search: CompiledSearch, _ rows: Batch, _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch? {
        guard search.readsEvents, !search.isPlain, rows.rowCount >= Self.fewest * rowCount, let plan = search.split(),
            plan.isExact
        else { return nil }
        let outer = context
        let pieces = stride(from: 0, to: rows.rowCount, by: rowCount).map { $0..<min($0 + rowCount, rows.rowCount) }
        var whole = PartialResult(plan)
        for start in stride(from: 0, to: pieces.count, by: atOnce) {
            let results = map(Array(pieces[start..<min(start + atOnce, pieces.count)])) { piece in
                do throws(SearchError) {
                    return .success(try plan.piece([rows.piece(piece)], outer))
                } catch {
                    return .failure(error)
                }
            }
            for result in results {
                guard case .success(let part) = result else { return nil }
                try whole.append(part)
            }
        }
        guard whole.isThatOfOnePiece(context.limits) else { return nil }
        return try plan.merge([whole], &context)
    }
}

extension PartialResult {
    /// A run in one piece tells the same and meets no limit: of two warnings of one command either might come first there,
    /// and rows (four bytes of a column each) count against the limits together.
    fileprivate func isThatOfOnePiece(_ limits: SearchLimits) -> Bool {
        refusedPattern == nil
            && stages.allSatisfy { stage in
                stage.warnings.count < 2 && stage.rowCount <= min(limits.rows, limits.memoryBytes / 4)
            }
    }
}

extension Batch {
    fileprivate func piece(_ rows: Range<Int>) -> Batch {
        var piece = Batch(
            rowCount: rows.count, columns: zip(names, columns).map { (name: $0, column: $1.piece(rows)) })
        piece.origins = origins.map { Array($0[rows]) }
        return piece
    }
}

extension Column {
    /// With the dictionary entries that its rows use, where there are many: commands look at all entries of a dictionary,
    /// and would do so in each piece.
    fileprivate func piece(_ rows: Range<Int>) -> Column {
        guard values.count > 256 else { return Column(ids: Array(ids[rows]), values: values) }
        var places = [UInt32](repeating: 0, count: values.count)
        var used: [Value] = [.null]
        var own: [UInt32] = []
        own.reserveCapacity(rows.count)
        for id in ids[rows] {
            if id != 0, places[Int(id)] == 0 {
                places[Int(id)] = UInt32(used.count)
                used.append(values[Int(id)])
            }
            own.append(places[Int(id)])
        }
        return Column(ids: own, values: used)
    }
}
