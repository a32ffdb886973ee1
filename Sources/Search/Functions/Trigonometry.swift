import Columns
import Glibc
import SPL

// Source of this file: Splunk Search Reference 9.4, "Trigonometry and hyperbolic functions". Angles are radians; an
// argument that is no number gives null, one outside of the function's range nan. The page prints atan(0.50) as 0.46: a
// decimal literal limits the digits, as in a product.

extension EvalFunction {
    static let acos = trigonometric(
        "acos", "The arc cosine.", ["acos(1)": "0", "round(acos(0)*180/pi(), 6)": "90", "acos(2)": "nan"]
    ) { Glibc.acos($0) }
    static let acosh = trigonometric(
        "acosh", "The inverse hyperbolic cosine.", ["acosh(1)": "0", "round(acosh(2), 4)": "1.317"]
    ) { Glibc.acosh($0) }
    static let asin = trigonometric(
        "asin", "The arc sine.", ["asin(0)": "0", "round(asin(1)*180/pi(), 6)": "90", #"asin("a")"#: "null"]
    ) { Glibc.asin($0) }
    static let asinh = trigonometric(
        "asinh", "The inverse hyperbolic sine.", ["asinh(0)": "0", "round(asinh(1), 4)": "0.8814"]
    ) { Glibc.asinh($0) }
    static let atan = trigonometric(
        "atan", "The arc tangent.", ["atan(0)": "0", "atan(0.50)": "0.46", "round(atan(0.50), 4)": "0.4636"]
    ) { Glibc.atan($0) }
    static let atan2 = trigonometric(
        "atan2", "The angle of the point with the second argument as its x and the first as its y, from -pi to pi.",
        ["atan2(0.50, 0.75)": "0.59", "round(atan2(1, -1), 4)": "2.3562", "atan2(1, nosuch)": "null"]
    ) { Glibc.atan2($0, $1) }
    static let atanh = trigonometric(
        "atanh", "The inverse hyperbolic tangent.", ["atanh(0)": "0", "atanh(0.500)": "0.549"]
    ) { Glibc.atanh($0) }
    static let cos = trigonometric("cos", "The cosine.", ["cos(0)": "1", "cos(pi())": "-1"]) { Glibc.cos($0) }
    static let cosh = trigonometric(
        "cosh", "The hyperbolic cosine.", ["cosh(0)": "1", "round(cosh(1), 4)": "1.5431"]
    ) { Glibc.cosh($0) }
    static let hypot = trigonometric(
        "hypot", "The length of the hypotenuse over two sides.", ["hypot(3, 4)": "5", #"hypot(3, "a")"#: "null"]
    ) { Glibc.hypot($0, $1) }
    static let sin = trigonometric(
        "sin", "The sine.", ["sin(0)": "0", "round(sin(90 * pi()/180), 6)": "1"]
    ) { Glibc.sin($0) }
    static let sinh = trigonometric(
        "sinh", "The hyperbolic sine.", ["sinh(0)": "0", "round(sinh(1), 4)": "1.1752"]
    ) { Glibc.sinh($0) }
    static let tan = trigonometric("tan", "The tangent.", ["tan(0)": "0", "round(tan(1), 4)": "1.5574"]) {
        Glibc.tan($0)
    }
    static let tanh = trigonometric(
        "tanh", "The hyperbolic tangent.", ["tanh(0)": "0", "round(tanh(1), 4)": "0.7616"]
    ) { Glibc.tanh($0) }

    private static func trigonometric(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ function: @escaping @Sendable (Double) -> Double
    ) -> EvalFunction {
        numeric(name, .trigonometric, summary, examples, function)
    }

    private static func trigonometric(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ function: @escaping @Sendable (Double, Double) -> Double
    ) -> EvalFunction {
        EvalFunction(name, arity: 2...2, group: .trigonometric, summary: summary, examples: examples) {
            arguments throws(SearchError) in
            guard let first = try arguments.number(0), let second = try arguments.number(1) else { return .null }
            return .number(function(first, second))
        }
    }
}
