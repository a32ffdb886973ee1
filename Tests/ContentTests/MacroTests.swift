import Content
import SPL
import Testing

@Suite struct MacroTests {
    private func catalog(_ files: [(String, String)]) -> ContentCatalog {
        Repository.catalog(files.map { (name: $0.0, text: $0.1) })
    }

    @Test func confMacrosHaveArgumentsAndEvalDefinitions() {
        let catalog = catalog([
            (
                "app/default/macros.conf",
                """
                [cim_indexes]
                definition = (index=a OR index=b)
                [drop(1)]
                args = object
                definition = rename "$object$.*" as *
                [now_text(2)]
                args = a, b
                definition = "earliest=" . $a$
                iseval = 1
                """
            )
        ])
        #expect(catalog.problems.isEmpty)
        #expect(
            catalog.macros == [
                MacroDefinition(name: "cim_indexes", definition: "(index=a OR index=b)"),
                MacroDefinition(name: "drop", arguments: ["object"], definition: "rename \"$object$.*\" as *"),
                MacroDefinition(
                    name: "now_text", arguments: ["a", "b"], definition: "\"earliest=\" . $a$", isEval: true),
            ])
    }

    @Test func localSettingsLieOverDefaultOnes() {
        let catalog = catalog([
            ("app/default/macros.conf", "[m(1)]\nargs = a\ndefinition = x=$a$\n[n]\ndefinition = y"),
            ("app/local/macros.conf", "[m(1)]\ndefinition = z=$a$"),
            ("other/local/macros.conf", "[o]\ndefinition = w"),
        ])
        #expect(catalog.macros.map(\.definition) == ["z=$a$", "y", "w"])
        #expect(catalog.macros.first?.arguments == ["a"])
        #expect(catalog.problems.map(\.diagnostic.code) == ["E410"])
    }

    @Test func settingsOfAnotherAppDoNotMix() {
        let catalog = catalog([
            ("a/default/macros.conf", "[m(1)]\nargs = a\ndefinition = x"),
            ("b/local/macros.conf", "[m(1)]\ndefinition = z"),
        ])
        #expect(
            catalog.problems.map(\.diagnostic.message) == ["macro 'm(1)' takes 1 arguments by its name, 0 by 'args'"])
        #expect(catalog.macros.map(\.definition) == ["x"])
    }

    @Test func aNameWithOtherArgumentsIsAnotherMacro() {
        let catalog = catalog([
            ("m.yml", "name: m\ndefinition: a"),
            ("m1.yml", "name: m\ndefinition: b$x$\narguments: [x]"),
        ])
        #expect(catalog.macros.map(\.arguments.count) == [0, 1])
        #expect(catalog.problems.isEmpty)
    }

    @Test func disabledMacrosAreLeftOut() {
        #expect(catalog([("macros.conf", "[m]\ndefinition = a\ndisabled = 1")]).macros.isEmpty)
    }
}
