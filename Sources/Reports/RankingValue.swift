import Columns
import Risk
import RiskIndex

/// Cells of rankings, for people or for machines; a missing value is null.
enum RankingValue {
    /// Of a share from 0 to 1: `12.5%`, or the number.
    static func ratio(_ forPeople: Bool) -> (String, Double?) -> ResultField {
        { name, ratio in
            guard let ratio else { return ResultField(name: name, values: [], isNumber: false) }
            return forPeople
                ? ResultField(
                    name: name, values: [ScoreText.print((ratio * 1_000).rounded() / 10) + "%"], isNumber: false)
                : ResultField(name: name, values: [NumberText.print(ScoreText.exact(ratio))], isNumber: true)
        }
    }

    /// Of UTC microseconds: ISO 8601, or epoch seconds.
    static func time(_ forPeople: Bool) -> (String, Int64?) -> ResultField {
        { name, time in
            ResultField(
                name: name, values: time.map { [forPeople ? TimeText.iso8601($0) : TimeText.epochSeconds($0)] } ?? [],
                isNumber: !forPeople)
        }
    }
}
