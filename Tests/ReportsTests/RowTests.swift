import Foundation
import RiskIndex
import Testing

@testable import Reports

@Suite struct RowTests {
    private func field(_ name: String, _ values: String..., number: Bool = false) -> ResultField {
        ResultField(name: name, values: values, isNumber: number)
    }

    @Test func ndjsonFollowsTheContract() {
        let row = [
            field("z", "text"), field("a", "12", number: true), field("many", "1", "two"), field("null"),
            field("numbers", "1", "2.5", number: true), field("quote\"\n", "tab\t\u{1}é"), field("digits", "12"),
        ]
        #expect(
            RowWriter.ndjson(row)
                == #"{"z":"text","a":12,"many":["1","two"],"numbers":[1,2.5],"quote\"\n":"tab\t\u0001é","digits":"12"}"#
                + "\n")
        #expect(RowWriter.ndjson([]) == "{}\n")
    }

    @Test(arguments: [
        ("12", "12"), ("-0.5", "-0.5"), ("1e3", "1e3"), ("007", "7"), (".5", "0.5"), ("+1", "1"), ("5.", "5"),
        ("nan", "\"nan\""), ("inf", "\"inf\""), ("1,000", "\"1,000\""), ("", "\"\""), ("1e999", "\"1e999\""),
        ("12345678901234567890", "12345678901234567890"),
    ])
    func numbersAreJSONNumbersOrText(printed: String, json: String) throws {
        let line = RowWriter.ndjson([field("n", printed, number: true)])
        #expect(line == "{\"n\":\(json)}\n")
        _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }

    @Test func jsonIsOneArray() throws {
        let rows = [[field("a", "1")], [], [field("b", "2")]]
        #expect(RowWriter.json(rows) == "[\n{\"a\":\"1\"},\n{},\n{\"b\":\"2\"}\n]\n")
        #expect(RowWriter.json([]) == "[]\n")
    }

    @Test func csvIsRFC4180() {
        let rows = [
            [field("a", "plain"), field("b", "with,comma"), field("c", "quote\"d")],
            [field("c", "x", "y"), field("d", "=1+1"), field("a", "line\r\nbreak")],
        ]
        #expect(
            RowWriter.csv(rows)
                == "a,b,c,d\r\nplain,\"with,comma\",\"quote\"\"d\",\r\n\"line\r\nbreak\",,\"x\ny\",=1+1\r\n")
        #expect(RowWriter.csv([]) == "")
        #expect(RowWriter.csv([[field("a")], [field("a", "é")]]) == "a\r\n\"\"\r\né\r\n")
    }

    @Test func tablesAlignNumbersRightAndJoinValues() {
        let rows = [
            [field("name", "a", "b"), field("count", "5", number: true)], [field("count", "12", number: true)],
        ]
        #expect(RowWriter.table(rows) == "name  count\n----  -----\na, b      5\n         12\n")
    }

    @Test func timesPrintToTheMicrosecond() {
        #expect(TimeText.iso8601(0) == "1970-01-01T00:00:00Z")
        #expect(TimeText.iso8601(-1) == "1969-12-31T23:59:59.999999Z")
        #expect(TimeText.iso8601(951_782_400_000_001) == "2000-02-29T00:00:00.000001Z")
        #expect(TimeText.epochSeconds(1_500_000) == "1.5")
        #expect(TimeText.epochSeconds(-500_000) == "-0.5")
        #expect(TimeText.epochSeconds(-1_000_000) == "-1")
        #expect(TimeText.epochSeconds(1) == "0.000001")
        #expect(TimeText.epochSeconds(.min) == "-9223372036854.775808")
    }

    @Test func scoresPrintWithoutNeedlessDecimals() {
        #expect(ScoreText.print(0.1 + 0.2) == "0.3")
        #expect(ScoreText.print(120) == "120")
        #expect(ScoreText.print(100.0 / 3) == "33.33")
        #expect(ScoreText.print(-0.001) == "0")
        #expect(ScoreText.change(5) == "+5")
        #expect(ScoreText.change(-5.25) == "-5.25")
        #expect(ScoreText.change(0.001) == "0")
    }
}
