// The page's only style sheet. No fonts, scripts or pictures from elsewhere: the file is read from mail and from disk.
// All text keeps a contrast of 4.5 or more on its background in both schemes (WCAG 2.2, 1.4.3; computed from these
// values: 5.9 at the least, muted on card in the light scheme).

enum SummaryStyle {
    static let css = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --card: #f4f6f8; --text: #17202a; --muted: #52606d; --line: #c5ced6;
          --now: #0b5cad; --before: #6b7785;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12171d; --card: #1b232c; --text: #e8edf2; --muted: #a9b5c1; --line: #3a4653;
            --now: #6db3ff; --before: #94a1ae;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--text);
          font: 1rem/1.5 system-ui, sans-serif;
        }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
        h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
        h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
        p { margin: 0 0 .75rem; max-width: 46rem; }
        .muted { color: var(--muted); }
        .totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0; }
        .totals div, .entity { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
        .totals dt { color: var(--muted); }
        .totals dd { margin: 0; font-variant-numeric: tabular-nums; }
        .totals dd.figure { font-size: 1.5rem; font-weight: 600; line-height: 1.3; }
        figure { margin: 0; }
        svg { display: block; max-width: 100%; height: auto; }
        svg text { fill: var(--text); font: 11px system-ui, sans-serif; }
        svg .label { fill: var(--muted); }
        svg .now { fill: var(--now); }
        svg .before { fill: none; stroke: var(--before); stroke-width: 1; stroke-dasharray: 3 2; }
        svg .axis { stroke: var(--line); stroke-width: 1; }
        .entities { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
        .entity header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; }
        .entity header h3 { flex: 1 1 14rem; }
        .entity .score { font-variant-numeric: tabular-nums; }
        .entity .score strong { font-size: 1.25rem; }
        .entity ul { margin: .5rem 0 0; padding-left: 1.25rem; overflow-wrap: anywhere; }
        .tag { border: 1px solid var(--muted); border-radius: .25rem; padding: 0 .35rem; font-size: .8125rem; font-weight: 400; }
        .value { font-family: ui-monospace, monospace; font-size: .9375em; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; }
        .scroll:focus-visible { outline: 2px solid var(--now); outline-offset: 2px; }
        table { border-collapse: collapse; width: 100%; }
        caption { text-align: left; color: var(--muted); padding-bottom: .25rem; }
        th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); }
        tbody th { font-weight: 400; overflow-wrap: anywhere; min-width: 10rem; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; color: var(--muted); }
        @media print {
          :root { --page: #ffffff; --card: #ffffff; --text: #000000; --muted: #404040; --line: #808080; --now: #303030; --before: #505050; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          .entity, tr, figure { break-inside: avoid; }
          h2 { break-after: avoid; }
          .scroll { overflow: visible; }
          svg .now { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """
}
