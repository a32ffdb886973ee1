import Columns
import Formats
import Testing

@Suite struct JSONFlattenerTests {
    @Test func namesLeavesAsSplunkDoes() throws {
        let text = #"""
            {"a":{"b":"x","c":{"d":1}},"items":[{"x":1,"y":[2,3]},{"x":4}],"tags":["p","q"],"deep":[[1],[2,[3]]]}
            """#
        #expect(
            try leaves(text) == [
                "a.b=x", "a.c.d=1", "items{}.x=1", "items{}.y{}=2", "items{}.y{}=3", "items{}.x=4", "tags{}=p",
                "tags{}=q", "deep{}{}=1", "deep{}{}=2", "deep{}{}{}=3",
            ])
    }

    @Test func valuesStandAsWrittenOrDecoded() throws {
        let text =
            #"{"n":1.0,"e":1e3,"m":-0,"big":9007199254740993,"t":true,"f":false,"z":null,"s":"","u":"\u00e9\/\n"}"#
        #expect(
            try leaves(text) == [
                "n=1.0", "e=1e3", "m=-0", "big=9007199254740993", "t=true", "f=false", "z=null", "s=", "u=é/\n",
            ])
    }

    @Test func emptyContainersGiveNothing() throws {
        #expect(try leaves(#"{"a":{},"b":[],"c":[{}],"d":[[]],"e":1}"#) == ["e=1"])
    }

    @Test func duplicateKeysGiveOneLeafEach() throws {
        #expect(try leaves(#"{"a":1,"a":2,"b":{"c":3},"b":{"c":4}}"#) == ["a=1", "a=2", "b.c=3", "b.c=4"])
    }

    @Test func keysAreDecodedAndDotsKept() throws {
        #expect(try leaves(#"{"a.b":1,"a":{"b":2},"x\u0041\"":3}"#) == ["a.b=1", "a.b=2", "xA\"=3"])
        let flattener = JSONFlattener(wanted: .all)
        let found = try flatten(#"{"a.b":1,"a":{"b":2}}"#, flattener)
        #expect(found.nameID(0) == found.nameID(1))
    }

    @Test func rootArraysAndScalars() throws {
        #expect(try leaves(#"[1,{"a":2},[3]]"#) == ["{}=1", "{}.a=2", "{}{}=3"])
        #expect(try leaves("5") == [])
        #expect(try leaves(#"{"":1,"a":{"":2}}"#) == ["a.=2"])
    }

    @Test func unprintableCodePointsAreReplacedAndCounted() throws {
        let found = try flatten(#"{"a":"x\u0000y","b":"\ud800","c":"\udc00\ud834\udd1e"}"#, JSONFlattener(wanted: .all))
        #expect((0..<found.count).map { found.value($0).string } == ["x\u{FFFD}y", "\u{FFFD}", "\u{FFFD}\u{1D11E}"])
        #expect(found.replacedCount == 3)
    }

    @Test(
        arguments: [
            (["a"], ["a=1"]), (["b.c"], ["b.c=2"]), (["b"], []),
            (["b.*"], ["b.c=2", "b.d.e=3", "b.d.f{}=4", "b.d.f{}=5"]),
            (["b.d.f{}"], ["b.d.f{}=4", "b.d.f{}=5"]), (["*.e"], ["b.d.e=3"]),
            (["*d*"], ["b.d.e=3", "b.d.f{}=4", "b.d.f{}=5"]),
            (["g{}.h"], ["g{}.h=6", "g{}.h=7"]), (["g{}*"], ["g{}.h=6", "g{}.h=7"]), (["i.j"], ["i.j=8", "i.j=9"]),
            (["absent", "a.b"], []), (["b.d.f{}", "b*"], ["b.c=2", "b.d.e=3", "b.d.f{}=4", "b.d.f{}=5"]), ([], []),
        ] as [([String], [String])])
    func givesOnlyWantedLeaves(_ wanted: [String], _ expected: [String]) throws {
        let text = #"""
            {"a":1,"b":{"c":2,"d":{"e":3,"f":[4,5]}},"g":[{"h":6},{"h":7}],"i.j":8,"i":{"j":9},"k":{"l":{"m":10}}}
            """#
        var set = FieldSet()
        for name in wanted { set.insert(name) }
        let flattener = JSONFlattener(wanted: set)
        for _ in 0..<3 { #expect(try leaves(text, flattener) == expected) }
    }

    @Test func wantedSubsetEqualsFilteredAll() throws {
        let text = #"{"a":{"b":[{"c":1,"d":{"e":[2]}},3],"b.c":4},"a.b":{"c":5},"a{}":[6],"a":[7,[8]]}"#
        let all = try leaves(text)
        let names = Set(all.map { String($0.prefix { $0 != "=" }) })
        for name in names {
            var wanted = FieldSet()
            wanted.insert(name)
            #expect(try leaves(text, JSONFlattener(wanted: wanted)) == all.filter { $0.hasPrefix(name + "=") })
        }
    }

    @Test func aBadRecordGivesNoLeafAtAll() throws {
        var found = JSONLeaves()
        var wanted = FieldSet()
        wanted.insert("a")
        let flattener = JSONFlattener(wanted: wanted)
        for bad in [#"{"a":1,"b":}"#, #"{"a":1"#, #"{"a":1}}"#, #"{"a":1,"b":{"c":01}}"#, #"{"a":1,"b":{"c":"\q"}}"#] {
            #expect(throws: JSONError.self) {
                try Array(bad.utf8).withUnsafeBytes { try flattener.flatten($0, into: &found) }
            }
            #expect(found.count == 0)
        }
        #expect(try leaves(#"{"a":1}"#, flattener) == ["a=1"])
    }

    @Test func idsOfExactNamesAreTheirOrder() throws {
        var wanted = FieldSet()
        for name in ["c", "a", "b*"] { wanted.insert(name) }
        let flattener = JSONFlattener(wanted: wanted)
        #expect((0..<flattener.nameCount).map { flattener.name(of: $0).string } == ["a", "c"])
        let found = try flatten(#"{"b2":1,"c":2,"b1":3,"a":4}"#, flattener)
        #expect((0..<found.count).map { found.nameID($0) } == [2, 1, 3, 0])
        flattener.forgetNames()
        #expect(flattener.nameCount == 2)
        #expect(try leaves(#"{"b1":1,"a":2}"#, flattener) == ["b1=1", "a=2"])
    }

    @Test func manyLeavesAndNamesFit() throws {
        let members = (0..<20_000).map { #""key\#($0)":\#($0)"# }.joined(separator: ",")
        let found = try flatten("{\(members)}", JSONFlattener(wanted: .all))
        #expect(found.count == 20_000)
        #expect(found.value(19_999) == "19999")
    }

    @Test(arguments: [(50_000, 10), (5_000, 100_000)])
    func madeUpNamesAreBounded(pathLength: Int, keyCount: Int) throws {
        // A long path times many keys would be gigabytes of names.
        let path = String(repeating: "p", count: pathLength)
        let members = (0..<keyCount).map { #""\#($0)":0"# }.joined(separator: ",")
        let text = #"{"\#(path)":{\#(members)},"a":1}"#
        let flattener = JSONFlattener(wanted: .all)
        #expect {
            _ = try flatten(text, flattener)
        } throws: { ($0 as? JSONError)?.code == .tooManyNames }
        flattener.forgetNames()
        #expect(try leaves(#"{"a":1}"#, flattener) == ["a=1"])
        var wanted = FieldSet()
        wanted.insert("a")
        #expect(try leaves(text, JSONFlattener(wanted: wanted)) == ["a=1"])
    }
}

func flatten(_ text: String, _ flattener: JSONFlattener) throws -> JSONLeaves {
    var found = JSONLeaves()
    try Array(text.utf8).withUnsafeBytes { try flattener.flatten($0, into: &found) }
    return found
}

func leaves(_ text: String, _ flattener: JSONFlattener = JSONFlattener(wanted: .all)) throws -> [String] {
    let found = try flatten(text, flattener)
    return (0..<found.count).map { "\(flattener.name(of: found.nameID($0)))=\(found.value($0))" }
}
