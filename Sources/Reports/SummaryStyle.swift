// The page's only style sheet. No fonts, scripts or pictures from elsewhere: the file is read from mail and from disk.
// All text keeps a contrast of 4.5 or more on its background in both schemes (WCAG 2.2, 1.4.3), bars and marks 3 or more
// (1.4.11); Tests/EndToEnd/test_summary_page.py computes both in a browser, from what is drawn.

enum SummaryStyle {
    static let css = colors + text + pictures + print

    /// `heat-N` is the shade, `ink-N` the figure on it.
    private static let colors = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --card: #f5f7fa; --text: #17202a; --muted: #52606d; --line: #cbd3db;
          --now: #0b5cad; --before: #66727f;
          --heat-1: #e3eefb; --heat-2: #bcd8f5; --heat-3: #86b8ea; --heat-4: #2f74ba; --heat-5: #0b4a8c;
          --ink-1: #17202a; --ink-2: #17202a; --ink-3: #17202a; --ink-4: #ffffff; --ink-5: #ffffff;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12171d; --card: #1b232c; --text: #e8edf2; --muted: #a9b5c1; --line: #3a4653;
            --now: #6db3ff; --before: #94a1ae;
            --heat-1: #1e3046; --heat-2: #244a72; --heat-3: #2c659f; --heat-4: #6faae6; --heat-5: #b5d7fa;
            --ink-1: #e8edf2; --ink-2: #e8edf2; --ink-3: #ffffff; --ink-4: #0d1117; --ink-5: #0d1117;
          }
        }

        """

    private static let text = """
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 74rem; padding: 1.5rem 1.25rem 3rem; background: var(--page); color: var(--text);
          font: 1rem/1.5 system-ui, sans-serif;
        }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
        h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 .75rem; }
        h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
        p { margin: 0 0 .75rem; max-width: 46rem; overflow-wrap: anywhere; }
        ul { margin: 0; padding-left: 1.25rem; }
        li { overflow-wrap: anywhere; }
        a { color: var(--now); }
        a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--now); outline-offset: 2px; }
        body > header > p { color: var(--muted); margin: 0; }
        nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .75rem 0 0; padding: 0; }
        .totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(12.5rem, 45%), 1fr)); gap: .75rem; margin: 0; }
        .totals:has(div:nth-child(6)) { grid-template-columns: repeat(auto-fit, minmax(min(15rem, 45%), 1fr)); }
        .totals div, .entity { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
        .totals dt, .totals dd.change { color: var(--muted); font-size: .875rem; }
        .totals dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .totals dd.figure { font-size: 1.625rem; font-weight: 600; line-height: 1.3; }
        .entities { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
        .entity { contain: paint; }
        .entity .head { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; }
        .entity h3 { flex: 1 1 16rem; margin: 0; overflow-wrap: anywhere; min-width: 0; }
        .entity .rank { color: var(--muted); font-weight: 400; display: inline-block; min-width: 1.25rem; }
        .entity .type { color: var(--muted); font-weight: 400; }
        .entity .score { margin: 0; flex: 0 1 25rem; display: grid; grid-template-columns: minmax(5.5rem, auto) 1fr; column-gap: 1rem; font-variant-numeric: tabular-nums; }
        .entity .score strong { font-size: 1.5rem; line-height: 1.2; grid-row: span 2; align-self: center; text-align: right; }
        .entity .score .detail { color: var(--muted); font-size: .875rem; }
        .entity ul { margin-top: .5rem; }
        .tag { border: 1px solid var(--muted); border-radius: .25rem; padding: 0 .35rem; font-size: .8125rem; font-weight: 400; white-space: nowrap; }
        .value { font-family: ui-monospace, monospace; font-size: .9375em; overflow-wrap: anywhere; white-space: pre-wrap; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .9375rem; margin: 0 0 .75rem; }
        table:has(svg) { width: 100%; }
        table:has(svg) tbody th { width: 30%; }
        caption { text-align: left; color: var(--muted); padding-bottom: .25rem; }
        th, td { text-align: left; vertical-align: top; padding: .375rem 1.5rem .375rem 0; border-bottom: 1px solid var(--line); contain: paint; }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { vertical-align: bottom; font-size: .8125rem; font-weight: 600; }
        tbody th { font-weight: 400; overflow-wrap: anywhere; min-width: 9rem; }
        td { overflow-wrap: anywhere; }
        td:not(.number):not(:has(svg)) { min-width: 7rem; }
        td:has(.value) { min-width: 14rem; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        td.number, .whole { white-space: nowrap; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        summary { color: var(--now); cursor: pointer; }
        details > .scroll { margin-top: .5rem; }
        body > footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; }
        body > footer p { color: var(--muted); font-size: .875rem; margin: 0; }

        """

    private static let pictures = """
        figure { margin: 0 0 .5rem; }
        figcaption { color: var(--muted); font-size: .875rem; }
        svg { display: block; }
        svg text { fill: var(--text); font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
        svg .label { fill: var(--muted); font-size: 11px; }
        svg .figure, svg .weekday, svg .total { font-weight: 600; }
        svg .now, svg path.mark { fill: var(--now); }
        svg .before { fill: none; stroke: var(--before); stroke-width: 1; stroke-dasharray: 3 2; }
        svg.sparkline .before { fill: var(--before); stroke: none; }
        svg .axis { stroke: var(--before); stroke-width: 1; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg.heatmap .column { font-size: 11px; }
        svg.heatmap .row { font-family: ui-monospace, monospace; }
        svg.heatmap text.mark { font-size: 10px; }
        .heat-0 { fill: var(--card); }
        .heat-1 { fill: var(--heat-1); } .heat-2 { fill: var(--heat-2); } .heat-3 { fill: var(--heat-3); }
        .heat-4 { fill: var(--heat-4); } .heat-5 { fill: var(--heat-5); }
        svg .ink-1 { fill: var(--ink-1); } svg .ink-2 { fill: var(--ink-2); } svg .ink-3 { fill: var(--ink-3); }
        svg .ink-4 { fill: var(--ink-4); } svg .ink-5 { fill: var(--ink-5); }

        """

    private static let print = """
        @media print {
          :root {
            --page: #ffffff; --card: #ffffff; --text: #000000; --muted: #404040; --line: #808080;
            --now: #303030; --before: #505050;
            --heat-1: #f0f0f0; --heat-2: #d9d9d9; --heat-3: #bdbdbd; --heat-4: #636363; --heat-5: #303030;
            --ink-1: #000000; --ink-2: #000000; --ink-3: #000000; --ink-4: #ffffff; --ink-5: #ffffff;
          }
          body { max-width: none; padding: 0; font-size: 10pt; }
          nav, details:not([open]) { display: none; }
          a { color: inherit; }
          .entity, tr, figure, .totals div { break-inside: avoid; }
          h2, h3, caption { break-after: avoid; }
          .scroll { overflow: visible; }
          svg.timeline, svg.heatmap { max-width: 100%; height: auto; }
          svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """
}
