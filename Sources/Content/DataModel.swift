/// A data model: named sets of events (objects) with the fields they promise.
///
/// Source: the JSON that Splunk keeps in an app's `default/data/models/`.
public struct DataModel: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public var name: String
        /// `string`, `number`, `boolean`, `ipv4`, `timestamp`, `objectCount`.
        public var type: String
        public var isRequired: Bool
        public var isMultivalue: Bool
    }

    /// A field that the model computes; calculations run in order, each sees the ones before it.
    public enum Calculation: Sendable, Hashable {
        /// An eval expression.
        case eval(output: Field, expression: String)
        case lookup(name: String, inputs: [Mapping], outputs: [Mapping])
        /// A regular expression with named groups over one field.
        case rex(input: String, expression: String, outputs: [String])
    }

    /// A column of a lookup and the field of the event that goes with it.
    public struct Mapping: Sendable, Hashable {
        public var lookupField: String
        public var field: String
    }

    public struct Object: Sendable, Hashable {
        public var name: String
        /// Another object of the model, or `BaseEvent`, `BaseSearch`, `BaseTransaction`.
        public var parentName: String
        /// Search terms; all must hold, those of the parents too.
        public var constraints: [String]
        public var fields: [Field]
        public var calculations: [Calculation]
    }

    public var name: String
    public var description: String
    /// In the file's order: parents come before their children.
    public var objects: [Object]
    public var file: String

    public func object(named name: String) -> Object? { objects.first { $0.name == name } }
}
