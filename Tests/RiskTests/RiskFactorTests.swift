import Columns
import Content
import Risk
import Testing

extension Value: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self = .text(value) }
}

@Suite struct RiskFactorTests {
    private func factor(
        _ name: String, _ operation: RiskFactor.Operation, _ amount: RiskFactor.Amount, isEnabled: Bool = true,
        _ conditions: [RiskFactor.Condition] = [Condition(field: "user", test: .like("%"))]
    ) -> RiskFactor {
        RiskFactor(
            name: name, id: name, isEnabled: isEnabled, operation: operation, amount: amount, conditions: conditions,
            file: "f.yml")
    }

    private typealias Condition = RiskFactor.Condition

    private func outcome(_ factors: [RiskFactor], _ values: [String: Value]) throws -> RiskFactorOutcome {
        try RiskFactorSet(factors).evaluate { values[$0] ?? .null }
    }

    private func score(_ base: Double, _ factors: [RiskFactor], _ values: [String: Value] = ["user": "bob"]) throws
        -> Double
    {
        let set = try RiskFactorSet(factors)
        return set.calculated(base, set.evaluate { values[$0] ?? .null })
    }

    private func holds(_ test: RiskFactor.Test, _ values: [String: Value]) throws -> Bool {
        let outcome = try outcome([factor("f", .addition, .number(1), [Condition(field: "f", test: test)])], values)
        #expect(outcome.undecided.isEmpty)
        return outcome.additions.count == 1
    }

    // MARK: Arithmetic

    /// Golden case 7 of the specification: ES's own example.
    @Test func additionsGoBeforeMultiplications() throws {
        let factors = [
            factor("a twice", .multiplication, .number(2)), factor("b six", .addition, .number(6)),
            factor("c twice", .multiplication, .number(2)), factor("d five", .addition, .number(5)),
        ]
        #expect(try score(5, factors) == 64)
        #expect(try score(5, factors.reversed()) == 64)
        let outcome = try outcome(factors.reversed(), ["user": "bob"])
        #expect(outcome.additions.map(\.name) == ["b six", "d five"])
        #expect(outcome.multipliers.map(\.name) == ["a twice", "c twice"])
        #expect(outcome.additions.map(\.amount) == [6, 5])
        #expect(outcome.addition == 11 && outcome.multiplier == 4)
    }

    @Test func whatDoesNotApplyChangesNothing() throws {
        #expect(try score(20, []) == 20)
        #expect(try score(0.1, [factor("f", .addition, .number(5))], [:]) == 0.1)
        #expect(try score(20, [factor("f", .addition, .number(5), isEnabled: false)]) == 20)
        let outcome = try outcome([], [:])
        #expect(outcome.addition == 0 && outcome.multiplier == 1)
    }

    @Test func scoresMayFallBelowZero() throws {
        #expect(try score(20, [factor("f", .addition, .number(-50))]) == -30)
        #expect(try score(20, [factor("f", .multiplication, .number(0))]) == 0)
        #expect(try score(-20, [factor("f", .multiplication, .number(0))]).sign == .plus)
    }

    @Test func resultsStayFinite() throws {
        let many = (0..<100).map { factor("\($0)", .multiplication, .number(1_000_000)) }
        #expect(try score(1, many) == 1e12)
        #expect(try score(-1, many) == -1e12)
        #expect(try score(0, many) == 0)
        #expect(try score(.greatestFiniteMagnitude, many) == 1e12)
        #expect(try outcome(many, ["user": "bob"]).multiplier == 1e12)
        #expect(try score(5, many + [factor("none", .multiplication, .number(0))]) == 0)
        #expect(try score(.infinity, many) == .infinity)
    }

    @Test func theValueMayStandInAField() throws {
        let factors = [factor("f", .addition, .field("weight"))]
        #expect(try score(20, factors, ["user": "bob", "weight": "7.5"]) == 27.5)
        #expect(try score(20, factors, ["user": "bob", "weight": .number(-7)]) == 13)
        let useless: [Value] = [
            .null, "", "high", "nan", "inf", "1e999", " 7", "1000001", .number(.nan), .number(.infinity),
            .list(["7", "8"]), .boolean(true),
        ]
        for weight in useless {
            let outcome = try outcome(factors, ["user": "bob", "weight": weight])
            #expect(outcome.additions.isEmpty, "\(weight)")
            #expect(outcome.undecided == [.init(name: "f", reason: .noAmount)], "\(weight)")
        }
        #expect(try outcome(factors, [:]).undecided.isEmpty)
    }

    // MARK: Conditions

    @Test func allConditionsMustHold() throws {
        let factors = [
            factor(
                "Watchlisted Priority User", .multiplication, .number(1.5),
                [
                    Condition(field: "user_watchlist", test: .equals(.text("true"))),
                    Condition(field: "user_priority", test: .notEquals(.text("low"))),
                ])
        ]
        #expect(try score(20, factors, ["user_watchlist": "true", "user_priority": "high"]) == 30)
        #expect(try score(20, factors, ["user_watchlist": "true", "user_priority": "low"]) == 20)
        #expect(try score(20, factors, ["user_watchlist": "false", "user_priority": "high"]) == 20)
        #expect(try score(20, factors, ["user_watchlist": "true"]) == 20)
    }

    @Test(
        arguments: [
            (RiskFactor.Test.equals(.text("contractor")), "Contractor", true), (.equals(.text("İ")), "i", false),
            (.equals(.text("Müller")), "MÜLLER", true), (.equals(.text("e\u{301}")), "é", false),
            (.equals(.text("contract")), "contractor", false), (.equals(.text("5")), "5.0", true),
            (.equals(.text("1E2")), "100", true), (.equals(.text("0x10")), "16", false),
            // Ids of that length are one and the same as doubles.
            (.equals(.text("115555555555555555551")), "115555555555555555552", false),
            (.equals(.text("115555555555555555551")), "115555555555555555551", true),
            (.notEquals(.text("low")), "LOW", false), (.notEquals(.text("low")), "high", true),
            (.regex("admin"), "db-admin-2", true), (.regex("admin"), "Admin", false),
            (.regex("(?i)admin"), "Admin", true),
            (.regex("^admin$"), "db-admin", false),
            (.like("adm%"), "admin", true), (.like("adm%"), "Admin", false), (.like("adm_n"), "admin", true),
            (.like("dmi"), "admin", false), (.like("100%"), "100", true),
            (.compares(.greaterOrEqual, .number(20)), "20", true), (.compares(.greater, .number(20)), "20", false),
            (.compares(.lessOrEqual, .number(20)), "20.0", true), (.compares(.less, .number(20)), "19.9", true),
            (.compares(.greater, .number(3)), "10", true), (.compares(.greater, .number(3)), "high", false),
            (.compares(.less, .number(3)), "", false), (.compares(.less, .number(3)), "nan", false),
        ] as [(RiskFactor.Test, String, Bool)])
    func oneValueIsCompared(test: RiskFactor.Test, value: String, isTrue: Bool) throws {
        #expect(try holds(test, ["f": .text(value)]) == isTrue)
        #expect(try !holds(test, [:]), "a missing field satisfies nothing")
        // One more value satisfies only what is about any value.
        if case .notEquals = test { return }
        #expect(try holds(test, ["f": .list([.text(value), "-", .null])]) == isTrue)
    }

    @Test func noValueOfManyMayBeEqual() throws {
        let test = RiskFactor.Test.notEquals(.text("low"))
        #expect(try !holds(test, ["f": .list(["high", "Low"])]))
        #expect(try holds(test, ["f": .list(["high", "medium"])]))
    }

    @Test func fieldsAreComparedWithFields() throws {
        let equals = RiskFactor.Test.equals(.field("g"))
        let differs = RiskFactor.Test.notEquals(.field("g"))
        let samples: [(Value, Value, Bool)] = [
            ("bob", "BOB", true), ("bob", "amy", false), (.list(["x", "bob"]), "Bob", true),
            ("7", .list(["x", .number(7)]), true), (.list(["a", "b"]), .list(["c", "B"]), true),
            (.list(["a", "1.0"]), .list(["c", "1"]), true), (.list(["a", "b"]), .list(["c", "d"]), false),
        ]
        for (left, right, isTrue) in samples {
            #expect(try holds(equals, ["f": left, "g": right]) == isTrue, "\(left) \(right)")
            #expect(try holds(differs, ["f": left, "g": right]) == !isTrue, "\(left) \(right)")
        }
        #expect(try !holds(equals, ["f": "a"]) && !holds(differs, ["f": "a"]) && !holds(differs, ["g": "a"]))
        let greater = RiskFactor.Test.compares(.greater, .field("g"))
        #expect(try holds(greater, ["f": .list(["1", "9", "x"]), "g": .list(["8", "20"])]))
        #expect(try !holds(greater, ["f": .list(["1", "8", "x"]), "g": .list(["8", "20"])]))
        #expect(try !holds(greater, ["f": "9", "g": "x"]) && !holds(greater, ["f": "9"]))
    }

    // MARK: Hostile input

    @Test(.timeLimit(.minutes(1))) func aPatternThatTakesForeverIsGivenUp() throws {
        let hostile = factor("hostile", .addition, .number(5), [Condition(field: "f", test: .regex("^(a+)+$"))])
        let plain = factor("plain", .addition, .number(1), [Condition(field: "f", test: .like("a%"))])
        let text = Value.text(String(repeating: "a", count: 60) + "!")
        let values = Value.list([Value](repeating: text, count: 1_000))
        let result = try outcome([hostile, plain], ["f": values])
        #expect(result.undecided == [.init(name: "hostile", reason: .patternLimit)])
        #expect(result.additions.map(\.name) == ["plain"])
        #expect(try outcome([hostile], ["f": "aaa"]).additions.count == 1)
    }

    @Test func aConditionThatFailsDecidesWhatAPatternCannot() throws {
        let conditions = [
            Condition(field: "f", test: .regex("^(a+)+$")), Condition(field: "g", test: .like("x%")),
        ]
        let values: [String: Value] = ["f": .text(String(repeating: "a", count: 60) + "!"), "g": "yx"]
        #expect(try outcome([factor("f", .addition, .number(5), conditions)], values) == RiskFactorOutcome())
    }

    @Test func moreValuesThanAreTriedAreGivenUp() throws {
        let factors = [factor("f", .addition, .number(5), [Condition(field: "f", test: .like("z"))])]
        let values = (0..<1_001).map { Value.text("v\($0)") }
        #expect(try outcome(factors, ["f": .list(values)]).undecided.map(\.reason) == [.valueLimit])
        #expect(try outcome(factors, ["f": .list(Array(values.dropLast()))]) == RiskFactorOutcome())
        let long = Value.text(String(repeating: "z", count: 65_537))
        #expect(try outcome(factors, ["f": long]).undecided.map(\.reason) == [.valueLimit])
        #expect(try outcome(factors, ["f": .list([long, "z"])]).additions.count == 1)
    }

    @Test(.timeLimit(.minutes(1))) func manyValuesAgainstManyTakeNoProductOfTime() throws {
        let left = Value.list((0..<100_000).map { .text("l\($0)") })
        let right = Value.list((0..<100_000).map { .text("r\($0)") })
        #expect(try holds(.notEquals(.field("g")), ["f": left, "g": right]))
    }

    @Test func strangeNamesAreNamesOnly() throws {
        let names = ["a\"b", "x\ny", "\u{202E}evil", "'; DROP TABLE risk;--", String(repeating: "n", count: 10_000)]
        let factors = names.map { factor($0, .addition, .number(1), [Condition(field: $0, test: .like("%"))]) }
        let set = try RiskFactorSet(factors)
        #expect(Set(set.fields) == Set(names))
        let outcome = set.evaluate { names.contains($0) ? "v" : .null }
        #expect(outcome.additions.map(\.name) == names.sorted { Text($0) < Text($1) })
    }

    @Test func aPatternThatCannotBeReadIsAnError() {
        #expect(throws: (any Error).self) {
            try RiskFactorSet([self.factor("f", .addition, .number(1), [Condition(field: "f", test: .regex("("))])])
        }
    }

    // MARK: The set

    @Test func eachFieldIsAskedForOnce() throws {
        let set = try RiskFactorSet([
            factor("a", .addition, .field("w"), [Condition(field: "f", test: .equals(.field("g")))]),
            factor("b", .addition, .number(1), [Condition(field: "f", test: .like("%"))]),
            factor("off", .addition, .number(1), isEnabled: false, [Condition(field: "z", test: .like("%"))]),
        ])
        #expect(set.factors.map(\.name) == ["a", "b"])
        #expect(set.fields == ["f", "g", "w"])
        var asked: [String] = []
        _ = set.evaluate { name in
            asked.append(name)
            return "1"
        }
        #expect(asked.sorted() == ["f", "g", "w"])
        #expect(
            set.evaluate(fieldAt: { .number(Double($0)) }) == set.evaluate { .number(["f": 0, "g": 1, "w": 2][$0]!) })
    }

    @Test func theVersionIsOfWhatIsComputed() throws {
        func version(_ factors: [RiskFactor]) throws -> String { try RiskFactorSet(factors).version }
        let conditions = [
            Condition(field: "f", test: .equals(.text("x"))), Condition(field: "g", test: .compares(.less, .number(3))),
        ]
        let one = factor("a", .addition, .number(1), conditions)
        let two = factor("b", .multiplication, .field("w"), conditions)
        let base = try version([one, two])
        #expect(base.count == 64)
        var same = one
        same.id = "other"
        same.version = 9
        same.description = "other"
        same.file = "g.yml"
        same.conditions.reverse()
        #expect(try version([two, same]) == base)
        #expect(try version([two, same, factor("off", .addition, .number(1), isEnabled: false)]) == base)

        var changed: [[RiskFactor]] = [[], [one], [two]]
        let changes: [(inout RiskFactor) -> Void] = [
            { $0.isEnabled = false }, { $0.operation = .multiplication }, { $0.amount = .number(2) },
            { $0.amount = .field("1") }, { $0.name = "aa" }, { $0.conditions[0].field = "ff" },
            { $0.conditions[0].test = .equals(.field("x")) }, { $0.conditions[0].test = .like("x") },
            { $0.conditions[0].test = .regex("x") }, { $0.conditions[0].test = .notEquals(.text("x")) },
            { $0.conditions[1].test = .compares(.lessOrEqual, .number(3)) },
            { $0.conditions[1].test = .compares(.less, .number(4)) },
            { $0.conditions[1].test = .compares(.less, .field("3")) }, { $0.conditions.removeLast() },
        ]
        for change in changes {
            var other = one
            change(&other)
            changed.append([other, two])
        }
        let versions = try changed.map(version) + [base]
        // Switching `one` off is the same as leaving it out.
        #expect(Set(versions).count == versions.count - 1)
    }

    // MARK: Content

    @Test func aLaterFileTurnsAFactorOn() throws {
        let text = """
            name: Contractor User
            id: 1
            operation: addition
            value: 5
            conditions: [{field: user_category, operator: equals, value: contractor}]
            """
        var loader = ContentLoader()
        loader.add(file: "risk/factors/contractor_user.yml", text: text)
        let values: [String: Value] = ["user_category": .list(["Contractor", "dev"])]
        let shipped = try RiskFactorSet(loader.catalog().riskFactors)
        #expect(shipped.isEmpty && shipped.calculated(20, shipped.evaluate { values[$0] ?? .null }) == 20)
        loader.add(file: "own/risk/factors/contractor_user.yml", text: text + "\nenabled: true")
        let own = try RiskFactorSet(loader.catalog().riskFactors)
        #expect(own.factors.map(\.file) == ["own/risk/factors/contractor_user.yml"])
        #expect(own.calculated(20, own.evaluate { values[$0] ?? .null }) == 25)
        #expect(own.version != shipped.version)
    }
}
