import Columns
import Formats
import Testing

struct XMLReaderTests {
    private func tokens(
        _ text: String, _ form: XMLReader.Form = .document, _ limits: XMLLimits = XMLLimits()
    ) throws(XMLError) -> [String] {
        var reader = XMLReader(Array(text.utf8), form: form, limits: limits)
        var tokens: [String] = []
        while let token = try reader.next() {
            switch token {
            case .start(let name, let attributes, _):
                tokens.append("<\(name)" + attributes.map { " \($0.name)=\($0.value)" }.joined() + ">")
            case .end(let name, _): tokens.append("</\(name)>")
            case .text(let text): tokens.append(text.string)
            }
        }
        return tokens
    }

    @Test func elementsAttributesTextAndCDATA() throws {
        let text = """
            <?xml version="1.0"?><?pi > ?><!DOCTYPE a [<!ENTITY b "c>">]><!-- <no> --><n:a xmlns:n="u" n:x='1' y = "&lt;&#65;" z=2>t&amp;u<b/>\
            <![CDATA[<&amp;]]></n:a>
            """
        #expect(try tokens(text) == ["<a x=1 y=<A z=2>", "t&u", "<b>", "</b>", "<&amp;", "</a>"])
    }

    @Test(arguments: [
        ("<a>", XMLError.Code.truncated), ("<a", .truncated), ("<a x=\"1", .truncated), ("<!-- a", .truncated),
        ("<![CDATA[ ]", .truncated), ("<a></b>", .mismatchedTag), ("</a>", .mismatchedTag),
        ("<a><b></a></b>", .mismatchedTag),
        ("<1/>", .syntax), ("<a b/>", .syntax), ("<a =1/>", .syntax), ("<a></a b>", .syntax),
        ("<!DOCTYPE a [", .truncated),
    ])
    func malformedDocumentsAreErrors(_ sample: (text: String, code: XMLError.Code)) {
        #expect(throws: XMLError.self) { try tokens(sample.text) }
        do { _ = try tokens(sample.text) } catch { #expect(error.code == sample.code, "\(sample.text)") }
    }

    @Test(arguments: [
        ("a < b <c>1</c>", ["a ", "< ", "b ", "<c>", "1", "</c>"]),
        ("<a><b>1</a>", ["<a>", "<b>", "1", "</b>", "</a>"]),
        ("</x><a>1", ["<a>", "1", "</a>"]), ("<a b=\"<c>1</c>", ["<a b=\"<c>1</c>"]), ("<!-- <a/>", ["<!-- <a/>"]),
    ])
    func fragmentsNeverFail(_ sample: (text: String, tokens: [String])) throws {
        let joined = try tokens(sample.text, .fragment)
        #expect(
            joined.joined(separator: "|") == sample.tokens.joined(separator: "|")
                || joined.joined() == sample.tokens.joined())
    }

    @Test func limitsAreErrors() {
        let deep = String(repeating: "<a>", count: 600) + String(repeating: "</a>", count: 600)
        #expect(throws: XMLError(.tooDeep, byteOffset: 3 * 512)) { try tokens(deep) }
        #expect(throws: XMLError(.tooDeep, byteOffset: 3 * 512)) { try tokens(deep, .fragment) }
        #expect(throws: XMLError(.tooLarge, byteOffset: 10)) { try tokens(deep, .document, XMLLimits(bytes: 10)) }
        #expect(throws: XMLError(.tooManyElements, byteOffset: 4)) {
            try tokens("<a/><b/>", .document, XMLLimits(elementCount: 1))
        }
        #expect(throws: XMLError(.tooManyAttributes, byteOffset: 0)) {
            try tokens("<a b='' c=''/>", .document, XMLLimits(attributeCount: 1))
        }
        #expect(throws: XMLError(.nameTooLong, byteOffset: 1)) {
            try tokens("<abcd/>", .document, XMLLimits(nameBytes: 3))
        }
    }

    @Test func afterAnErrorThereIsNothing() throws {
        var reader = XMLReader(Array("<a></b><c/>".utf8))
        #expect(try reader.next() != nil)
        #expect(throws: XMLError.self) { try reader.next() }
        #expect(try reader.next() == nil)
    }

    /// Any prefix, and any byte changed, ends in tokens or an error, never in a trap; time stays linear.
    @Test func brokenTextsNeverTrap() {
        let text = Array("<?x?><a b='1' c=2><!--d--><e>&#x41;&f;</e><![CDATA[g]]></a><h/>".utf8)
        for end in 0...text.count { read(Array(text[..<end])) }
        for index in text.indices {
            for byte in "<>/'\"!?-[]&; a\u{80}".utf8 {
                var changed = text
                changed[index] = byte
                read(changed)
            }
        }
        for piece in ["<", "<a ", "<a b=\"", "<!--", "<![CDATA[", "</", "<a b=", "&", "<!", "<?", "<a>"] {
            read(Array(String(repeating: piece, count: 5_000).utf8))
        }
    }

    private func read(_ bytes: [UInt8]) {
        for form in [XMLReader.Form.document, .fragment] {
            var reader = XMLReader(bytes, form: form)
            while let token = try? reader.next() { _ = token }
        }
        if let tree = try? XMLTree(bytes) { _ = try? tree.leaves() }
    }
}

struct XMLTreeTests {
    private let tree = try? XMLTree(
        Array("<r><b k='1'>x</b><b k='2'><c>y</c> t <c/></b></r><r2 q=''/>".utf8))

    @Test func leavesHaveTheirPaths() throws {
        let leaves = try #require(tree).leaves()
        #expect(
            leaves.map { "\($0.path)=\($0.value)" } == [
                "r.b{@k}=1", "r.b=x", "r.b{@k}=2", "r.b=t", "r.b.c=y", "r2{@q}=",
            ])
    }

    @Test(arguments: [
        ("r.b", "x|<c>y</c> t <c/>"), ("r.b{2}", "<c>y</c> t <c/>"), ("r.b{2}.c", "y"), ("r.b{}.c{1}", "y"),
        ("r.b{0}", ""),
        ("r.b{@k}", "1|2"), ("r.b{2}{@k}", "2"), ("r2{@q}", ""), ("b", ""), ("r.b.c.d", ""), ("r2", ""),
    ])
    func locationPaths(_ sample: (path: String, values: String)) throws {
        let values = try DataPath(sample.path).values(in: #require(tree))
        #expect(values.map(\.string).joined(separator: "|") == sample.values, "\(sample.path)")
    }

    @Test(arguments: [
        ("//b", "x|y t"), ("/r/b[1]", "x"), ("/r/b[last()]/c", "y"), ("//b[@k='2']/@k", "2"), ("//b[@k!='2']/@k", "1"),
        ("//b[c]/@k", "2"), ("//b[c='y']/@k", "2"), ("//c/..", "y t"), ("//*/@*", "1|2|"), ("b/@k", "1|2"),
        (".//c", "y"),
        ("//b[text()='t']/@k", "2"), ("//b[.='x']/@k", "1"), ("//b[position()=2][@k]/@k", "2"), ("//n:b/@n:k", "1|2"),
        ("/b", ""), ("//b[3]", ""), ("//b/text()", "x|t"), ("//c//..//c", "y"),
    ])
    func xpaths(_ sample: (path: String, values: String)) throws {
        let values = try XPath(sample.path).values(in: #require(tree))
        #expect(values.map(\.string).joined(separator: "|") == sample.values, "\(sample.path)")
    }

    @Test(arguments: [
        "", "/", "//", "a/", "a[", "a[]", "a[1", "a[@]", "a[b=]", "a[b='c]", "a b", "a[1]b", "@a/b", "text()/a", "a::b",
        "9",
    ])
    func brokenXPathsAreErrors(_ path: String) {
        #expect(throws: XPathError.self) { try XPath(path) }
    }

    @Test func hostileTreesStayCheap() throws {
        let text = String(repeating: "<a>", count: 500) + "x" + String(repeating: "</a>", count: 500)
        let many = String(repeating: text, count: 4)
        let tree = try XMLTree(Array(many.utf8))
        for path in ["//a//a//a", "//*[a]//*[.='x']", "//a/../..//a[last()]"] { _ = try XPath(path).values(in: tree) }
    }

    @Test func textThatEndsEarlyMayGiveWhatIsClosed() throws {
        let bytes = Array("<a x='1'><b>1</b>t<c>2".utf8)
        #expect(throws: XMLError.self) { try XMLTree(bytes) }
        let leaves = try XMLTree(bytes, mayEndEarly: true).leaves()
        #expect(leaves.map { "\($0.path)=\($0.value)" } == ["a{@x}=1", "a.b=1"])
        #expect(throws: XMLError.self) { try XMLTree(Array("<a></b><c>".utf8), mayEndEarly: true) }
    }

    @Test func textThatIsNoXMLIsAnError() {
        for text in ["", "a", "a <b/>", "<!-- c -->", "<a/> <b"] {
            #expect(throws: XMLError.self) { try XMLTree(Array(text.utf8)) }
        }
    }
}
