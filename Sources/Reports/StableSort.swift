extension Sequence {
    /// Equal elements keep their order: the order before is what breaks ties. (`sorted(by:)` promises no stability.)
    func stablySorted(by isBefore: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            if isBefore(left.element, right.element) { return true }
            if isBefore(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}
