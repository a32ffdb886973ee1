import SPL
import Synchronization

/// Data models compiled once for all searches that are compiled in one environment: hundreds of rules begin with the same
/// dataset. For a caller that changes nothing of the environment while it compiles.
public final class SharedViews: Sendable {
    private let views = Mutex<[String: DataModelView]>([:])

    public init() {}

    /// - Parameter make: called for a dataset that is not known; what it throws is not kept, for it has a place in a search.
    func view(
        of target: String, _ make: () throws(Diagnostic) -> DataModelView
    ) throws(Diagnostic) -> DataModelView {
        if let known = views.withLock({ $0[target] }) { return known }
        let made = try make()
        views.withLock { $0[target] = made }
        return made
    }
}

extension DataModelView {
    /// The dataset's view, shared where the environment has shared ones.
    static func of(_ target: String, span: Span, _ context: CompileContext) throws(Diagnostic) -> DataModelView {
        // A search that writes a lookup itself may read it where others may not.
        guard let views = context.environment.views, context.writtenLookups.isEmpty else {
            return try DataModelView(target, span: span, context)
        }
        return try views.view(of: target) { () throws(Diagnostic) in
            try DataModelView(target, span: span, context)
        }
    }
}
