import Testing

struct ImportTests {
    @Test(arguments: layers.map(\.name))
    func filesImportOnlyWhatTheirLayerMay(layerName: String) throws {
        let layer = try #require(layers.first { $0.name == layerName })
        var allowed = Set(layer.imports).union(layer.products).union(systemModules)
        if layer.mayUseFoundation { allowed.formUnion(foundationModules) }
        for path in SourceTree.swiftFiles(below: "Sources/\(layerName)") {
            for module in importedModules(in: try SourceTree.text(path)) where !allowed.contains(module) {
                Issue.record("\(path) imports '\(module)', which \(layerName) (level \(layer.level)) may not")
            }
        }
    }

    @Test func everyFolderUnderSourcesIsALayer() throws {
        #expect(try SourceTree.folders(in: "Sources") == layers.map(\.name).sorted())
    }

    @Test func layersImportOnlyLowerLevels() throws {
        let levels = Dictionary(uniqueKeysWithValues: layers.map { ($0.name, $0.level) })
        for layer in layers {
            for name in layer.imports {
                let level = try #require(levels[name], "\(layer.name) imports '\(name)', which is no layer")
                #expect(level < layer.level, "\(layer.name) imports \(name), which is not below it")
            }
        }
    }

    @Test func foundationStaysOutOfTheEngineRoom() {
        let without = layers.filter { !$0.mayUseFoundation && !$0.name.hasPrefix("C") || $0.name == "Columns" }
        #expect(
            without.map(\.name) == ["Columns", "SPL", "Formats", "Matching", "Search", "Fields", "Ingest", "Risk"])
    }

    @Test func eachLibraryAndProductHasOneOwner() {
        for (library, owner) in ownersOfLibraries {
            #expect(layers.filter { $0.imports.contains(library) }.map(\.name) == [owner])
        }
        let products = layers.flatMap(\.products)
        #expect(products.count == Set(products).count)
    }

    @Test func packageManifestDeclaresTheSameLayers() throws {
        let declared = ManifestTarget.all(in: try SourceTree.text("Package.swift"))
        #expect(declared.map(\.name).sorted() == layers.map(\.name).sorted())
        for target in declared {
            let layer = try #require(layers.first { $0.name == target.name })
            #expect(Set(target.dependencies) == Set(layer.imports), "dependencies of \(target.name)")
            #expect(Set(target.products) == Set(layer.products), "products of \(target.name)")
        }
    }

    @Test func importLinesAreReadInAllTheirForms() {
        let text = #"""
            // import NotThis
            import Columns
            public import SPL
            @testable import Search
            @preconcurrency internal import GRDB
            import struct Foundation.Date
            #if canImport(Glibc)
                import Glibc.stdio
            #endif
            let important = "import"
            let script = """
                import json, sys
                """
            """#
        #expect(importedModules(in: text) == ["Columns", "SPL", "Search", "GRDB", "Foundation", "Glibc"])
    }

    @Test func manifestTargetsAreReadWithTheirDependencies() {
        let text = """
            .systemLibrary(name: "CZ", pkgConfig: "z", providers: [.apt(["zlib1g-dev"])]),
            .target(name: "Low"),
            .executableTarget(
                name: "top",
                dependencies: ["Low", .product(name: "P", package: "p.swift"), "CZ"],
                linkerSettings: [.linkedLibrary("m")]),
            .testTarget(name: "LowTests", dependencies: ["Low"]),
            """
        #expect(
            ManifestTarget.all(in: text) == [
                ManifestTarget(name: "CZ", dependencies: [], products: []),
                ManifestTarget(name: "Low", dependencies: [], products: []),
                ManifestTarget(name: "top", dependencies: ["Low", "CZ"], products: ["P"]),
            ])
    }
}
