/// How far the work on a finding is.
///
/// Source: ES "Configure notable event statuses"; the codes are those of `reviewstatuses.conf`.
public enum ReviewStatus: String, Sendable, CaseIterable {
    case new
    case inProgress = "in_progress"
    case pending, resolved, closed

    /// `status`.
    public var code: Int {
        switch self {
        case .new: 1
        case .inProgress: 2
        case .pending: 3
        case .resolved: 4
        case .closed: 5
        }
    }

    /// `status_label`.
    public var label: String {
        switch self {
        case .new: "New"
        case .inProgress: "In Progress"
        case .pending: "Pending"
        case .resolved: "Resolved"
        case .closed: "Closed"
        }
    }

    /// An analyst is done with it.
    public var isDone: Bool { self == .resolved || self == .closed }

    /// The status that people mean: its name or label, in any case, blanks or `-` for `_`; or its code.
    public init?(typed text: String) {
        let word = ReviewWord(text)
        guard let status = Self.allCases.first(where: { word.isAny(of: [$0.rawValue, $0.label, String($0.code)]) })
        else { return nil }
        self = status
    }
}

/// What a finding turned out to be.
///
/// Source: ES 8.0 "Configure dispositions for findings"; the short names and codes are those of Splunk's own Ansible
/// collection.
public enum ReviewDisposition: String, Sendable, CaseIterable {
    case undetermined
    case truePositive = "true_positive"
    case benignPositive = "benign_positive"
    case falsePositive = "false_positive"
    case falsePositiveInaccurateData = "false_positive_inaccurate_data"
    case other

    /// `disposition`.
    public var code: String {
        switch self {
        case .truePositive: "disposition:1"
        case .benignPositive: "disposition:2"
        case .falsePositive: "disposition:3"
        case .falsePositiveInaccurateData: "disposition:4"
        case .other: "disposition:5"
        case .undetermined: "disposition:6"
        }
    }

    /// `disposition_label`.
    public var label: String {
        switch self {
        case .undetermined: "Undetermined"
        case .truePositive: "True Positive - Suspicious Activity"
        case .benignPositive: "Benign Positive - Suspicious But Expected"
        case .falsePositive: "False Positive - Incorrect Analytic Logic"
        case .falsePositiveInaccurateData: "False Positive - Inaccurate Data"
        case .other: "Other"
        }
    }

    /// The disposition that people mean: its short name, its label, the label's first or second half, or its code.
    public init?(typed text: String) {
        let word = ReviewWord(text)
        let found = Self.allCases.first { disposition in
            let halves = disposition.label.split(separator: "-", maxSplits: 1).map(String.init)
            return word.isAny(of: [disposition.rawValue, disposition.label, disposition.code] + halves)
        }
        guard let found else { return nil }
        self = found
    }
}

/// Words compared as people type them: letters and digits only, in lower case.
private struct ReviewWord {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Self.fold(text) }

    func isAny(of texts: [String]) -> Bool { texts.contains { Self.fold($0) == bytes } }

    private static func fold(_ text: String) -> [UInt8] {
        text.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: " "), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"): nil
            default: byte
            }
        }
    }
}
