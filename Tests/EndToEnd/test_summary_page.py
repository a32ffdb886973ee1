"""The weekly summary as a page, read in a real browser: its figures, its colours, its reach for narrow screens and readers."""

import json
import re
import unittest

import browser
from harness import Case, epoch, iso, ndjson, put_image, rule

LONG = "x" * 10_240
MARKUP = "<img src=x onerror=alert(1)><b>bold</b>"
TURNED = "\u202egnp.exe"
HEBREW = "משתמש"
TECHNIQUES = ["T1204.003", "T1098", "T1078", "T1485", "T1530", "T1110", "T1526", "T1537"]

# Text as drawn, with its colour, what is behind it, and where it stands.
TEXTS = """(() => {
  const colour = value => {
    const parts = value.match(/[0-9.]+/g).map(Number);
    return parts.length > 3 && parts[3] === 0 ? null : parts.slice(0, 3);
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      if (at.ownerSVGElement) {
        const shade = [...at.parentElement.querySelectorAll(':scope > rect')].find(r => r.matches('[class^=heat]'));
        if (shade) return colour(getComputedStyle(shade).fill);
      } else {
        const found = colour(getComputedStyle(at).backgroundColor);
        if (found) return found;
      }
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || element.closest('svg title, svg desc') || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    found.push({text: text.slice(0, 40), colour: colour(element.ownerSVGElement ? style.fill : style.color), behind: behind(element)});
  }
  return found;
})()"""

MARKS = """(() => {
  const colour = value => value === 'none' ? null : value.match(/[0-9.]+/g).map(Number).slice(0, 3);
  const page = colour(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('svg .now, svg .before, svg path.mark, svg .axis')].map(e => {
    const style = getComputedStyle(e), card = e.closest('.entity');
    const behind = card ? colour(getComputedStyle(card).backgroundColor) : page;
    return {text: e.className.baseVal, colour: colour(style.fill) && !e.matches('.axis') ? colour(style.fill) : colour(style.stroke), behind};
  });
})()"""

TABLES = """[...document.querySelectorAll('table')].map(t => ({
  caption: t.caption.textContent,
  rows: [...t.rows].map(r => [...r.cells].map(c => c.innerText.trim())),
}))"""


def contrast(one, other):
    """WCAG 2.2, relative luminance and contrast ratio."""
    def light(colour):
        parts = [c / 255 for c in colour]
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def number(text):
    return float(text.replace(",", "").replace("new ", "").replace("+", ""))


def week_of_many_rules():
    """Two weeks, twelve users of whom some are hostile in name, eight rules of as many tactics."""
    users = [f"user{n}" for n in range(7)] + [LONG, MARKUP, TURNED, HEBREW, "a b\"c'&amp;"]
    events = []
    for place, user in enumerate(users):
        for day in range(14):
            for hour in range((place * 5 + day * 3) % 4):
                at = epoch("2026-11-09T08:00:00Z") + day * 86_400 + hour * 3_600 + place
                events.append(put_image(
                    iso(at), user=user, repository=f"r{(place + day) % 8}", sourceIPAddress=f"203.0.113.{place * 7 + day}"))
    return events


class SummaryPage(Case):
    @classmethod
    def setUpClass(cls):
        cls.program = browser.find()
        if cls.program is None:
            raise unittest.SkipTest("ACCRUE_BROWSER=none: nobody looked at the summary's page")

    def setUp(self):
        super().setUp()
        if not hasattr(SummaryPage, "html"):
            self.make()
        self.file = self.write("page.html", SummaryPage.html)

    def make(self):
        for place, technique in enumerate(TECHNIQUES):
            self.write(f"content/detections/r{place}.yml", rule(
                f"Rule {place}",
                f"sourcetype=aws:cloudtrail eventName=PutImage requestParameters.repositoryName=r{place} "
                "| stats min(_time) as _time count by userIdentity.userName, sourceIPAddress, eventID "
                "| rename userIdentity.userName as user, sourceIPAddress as src",
                entities=[("user", "user", 10 + 7 * place)], mitre_attack_id=[technique],
                threat_objects=[{"field": "src", "type": "ip_address"}]))
        answer = self.run_events(
            self.write("e.json", ndjson(week_of_many_rules())), "--rule", "Rule *", "--content", self.folder / "content",
            now="2026-11-23T06:00:00Z")
        self.assertGreater(len(answer.lines("risk_event")), 150)
        summary = ["summary", "--week", "2026-W47", "--format"]
        SummaryPage.json = json.loads(self.accrue(*summary, "json").out)
        SummaryPage.html = self.accrue(*summary, "html").out

    def page(self, **more):
        return browser.Page(self.program, self.file, **more)

    def test_the_page_shows_the_figures_of_the_json(self):
        with self.page() as page:
            tiles = page.evaluate(
                "Object.fromEntries([...document.querySelectorAll('.totals div')].map(d => [d.children[0].innerText, d.children[1].innerText]))")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            tables = {t["caption"]: t["rows"] for t in page.evaluate(TABLES)}
            cards = page.evaluate("""[...document.querySelectorAll('.entity')].map(e => ({
                score: e.querySelector('.score strong').innerText, detail: e.querySelector('.detail').innerText, lines: [...e.querySelectorAll(':scope > ul > li')].map(l => l.innerText)}))""")
            text = page.evaluate("document.body.innerText")
        totals = self.json["totals"]
        self.assertEqual(
            [number(tiles[name]) for name in ("raw risk score", "counted risk score", "risk events", "entities with risk", "rules that fired", "findings opened")],
            [round(totals["risk_score"], 2), round(totals["counted_risk_score"], 2),
             *(totals[name] for name in ("risk_event_count", "entity_count", "rule_count", "finding_count"))])
        self.assertLess(totals["counted_risk_score"], totals["risk_score"])
        self.assertEqual(
            [[number(cell) for cell in row[1:4]] for row in tables["Raw risk by day"][1:]],
            [[d["risk_event_count"], round(d["risk_score"], 2), round(d["previous_risk_score"], 2)] for d in self.json["days"]])

        tactics = [t for t in self.json["tactics"] if t["risk_event_count"]]
        self.assertGreater(len(tactics), 5)
        heat = tables["Raw risk score by entity and tactic"]
        self.assertEqual(heat[0], ["entity"] + [t["tactic"] for t in tactics])
        self.assertEqual([number(cell) for cell in heat[1][1:]], [round(t["risk_score"], 2) for t in tactics])
        for row, entity in zip(heat[3:], self.json["entities"], strict=True):
            scores = {t["tactic"]: t for t in entity["tactics"]}
            for cell, tactic in zip(row[1:], tactics, strict=True):
                mine = scores.get(tactic["tactic"])
                self.assertEqual(number(cell) if cell else None, round(mine["risk_score"], 2) if mine else None)
                self.assertEqual("new" in cell, bool(mine and mine["is_new"]))

        entities = self.json["entities"]
        self.assertEqual([number(c["score"]) for c in cards], [round(e["risk_score"], 2) for e in entities])
        self.assertEqual(len(entities), totals["entity_count"])
        for card, entity in zip(cards, entities, strict=True):
            counted = [number(text) for text in re.search(r"counted ([0-9,.]+) against ([0-9,.]+)$", card["detail"]).groups()]
            self.assertEqual(counted, [round(entity[name], 2) for name in ("counted_risk_score", "previous_counted_risk_score")])
        for card, entity in zip(cards, entities, strict=True):
            self.assertEqual(len([line for line in card["lines"] if not line.startswith("seen as")]), len(entity["why"]))
        rules = tables["Noisiest rules, most risk events first"][1:]
        self.assertEqual([[number(c) for c in r[2:8]] for r in rules], [
            [r["risk_event_count"], r["previous_risk_event_count"], round(r["risk_score"], 2), round(r["previous_risk_score"], 2),
             round(r["counted_risk_score"], 2), r["entity_count"]]
            for r in self.json["rules"]])
        self.assertEqual(
            [(row[0], number(row[3])) for row in tables.get("Findings opened, by time", [[]])[1:]],
            [(f["finding_id"], round(f["risk_score"], 2)) for f in self.json["findings"][:25]])
        self.assertTrue(self.json["findings"])
        # The run left its record, and nothing of it was lost.
        self.assertIn("Detections that did not run: none", text)
        self.assertNotIn("Not recorded in this index", text)

    def test_hostile_names_stay_text(self):
        with self.page() as page:
            text = page.evaluate("document.body.innerText")
            made = page.evaluate("document.querySelectorAll('img, script, b, iframe, object, link, form, input').length")
            isolated = page.evaluate("[...document.querySelectorAll('.entity h3 bdi')].map(e => e.textContent)")
            problems = page.problems
        self.assertEqual(made, 0)
        self.assertEqual(problems, [])
        self.assertIn(MARKUP, text)
        self.assertNotIn("\u202e", self.html)
        self.assertIn("\\u{202e}gnp.exe", text)
        self.assertIn(HEBREW, isolated)
        self.assertIn("a b\"c'&amp;", isolated)
        self.assertNotIn("x" * 200, self.html)
        self.assertIn("10,240 characters in all", text)

    def test_nothing_is_fetched_and_nothing_runs(self):
        with self.page() as page:
            self.assertEqual(page.requests, [self.file.resolve().as_uri()])
            places = page.evaluate("[...document.querySelectorAll('[src], [href], [data], [srcset], [action]')].map(e => e.outerHTML)")
            targets = page.evaluate("[...document.querySelectorAll('nav a')].map(a => !!document.querySelector(a.getAttribute('href')))")
        self.assertTrue(all(place.startswith('<a href="#') for place in places), places)
        self.assertTrue(targets and all(targets))
        for outside in ("http:", "https:", "url(", "@import", "<script", "javascript:"):
            self.assertNotIn(outside, self.html)

    def test_colours_have_contrast_in_both_schemes_and_on_paper(self):
        seen = {}
        for scheme, kind in (("light", ""), ("dark", ""), ("light", "print")):
            with self.page(scheme=scheme) as page:
                page.media(scheme=scheme, kind=kind)
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                texts, marks = page.evaluate(TEXTS), page.evaluate(MARKS)
            self.assertGreater(len(texts), 300)
            for text in texts:
                self.assertGreaterEqual(contrast(text["colour"], text["behind"]), 4.5, (scheme, kind, text))
            for mark in marks:
                self.assertGreaterEqual(contrast(mark["colour"], mark["behind"]), 3, (scheme, kind, mark))
            seen[scheme, kind] = {tuple(t["behind"]) for t in texts}
        self.assertTrue(seen["light", ""].isdisjoint(seen["dark", ""]), "dark is not another scheme")
        self.assertGreaterEqual(len(seen["light", ""]), 6, "page, card and shades of the heat map")

    def test_every_shade_has_its_figure(self):
        with self.page() as page:
            cells = page.evaluate(
                "[...document.querySelectorAll('svg.heatmap g > rect')].map(r => [r.className.baseVal, [...r.parentElement.querySelectorAll('text')].filter(t => t.checkVisibility())[0]?.textContent ?? ''])")
        self.assertGreater(len({shade for shade, _ in cells}), 3)
        for shade, figure in cells:
            self.assertRegex(figure, r"^[0-9.]+[kMGT]?$", shade)

    def test_a_screen_reader_finds_its_way(self):
        with self.page() as page:
            tree = page.accessibility()
            levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))")
            language = page.evaluate("document.documentElement.lang")
            headless = page.evaluate("[...document.querySelectorAll('th')].filter(t => !t.scope).length")
        roles = [role for role, _ in tree]
        for landmark in ("banner", "navigation", "main", "contentinfo"):
            self.assertEqual(roles.count(landmark), 1, landmark)
        self.assertEqual((language, headless, levels.count(1), levels[0]), ("en", 0, 1, 1))
        self.assertTrue(all(below - above <= 1 for above, below in zip(levels, levels[1:])), levels)
        pictures = [name for role, name in tree if role in ("image", "img", "graphics-document", "SvgRoot")]
        self.assertGreater(len(pictures), 10)
        self.assertTrue(all(pictures), "a picture without a name")
        self.assertTrue(all(name for role, name in tree if role in ("region", "table", "link")))
        self.assertIn("rowheader", roles)
        self.assertIn("columnheader", roles)

    def test_nothing_leaves_the_screen(self):
        for width in (320, 768, 1280):
            with self.page(width=width) as page:
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                wide = page.evaluate("document.documentElement.scrollWidth")
                outside = page.evaluate("""[...document.querySelectorAll('body *')].filter(e =>
                    !e.parentElement.closest('.scroll') && !e.closest('.unseen') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))""")
                cut = page.evaluate("""[...document.querySelectorAll('svg text')].filter(t => {
                    const box = t.getBBox(), view = t.ownerSVGElement.viewBox.baseVal;
                    return box.x < 0 || box.y < 0 || box.x + box.width > view.width || box.y + box.height > view.height;
                }).map(t => t.textContent)""")
                touching = page.evaluate("""[...document.querySelectorAll('svg.heatmap g > rect')].filter(r =>
                    [...r.parentElement.querySelectorAll('text')].some(t => t.getBBox().width > r.getBBox().width)).length""")
            self.assertEqual((wide, outside, cut, touching), (width, [], [], 0), width)

    def test_it_prints(self):
        with self.page(scheme="dark") as page:
            page.media(kind="print")
            hidden = page.evaluate("['nav', 'details'].map(s => document.querySelector(s).checkVisibility())")
            # A4 less margins, in pixels of 1/96 inch.
            page.resize(718)
            wide = page.evaluate("[...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().right > innerWidth + 1).length")
            paper = page.call("Page.printToPDF", preferCSSPageSize=True)["data"]
        self.assertEqual((hidden, wide), ([False, False], 0))
        self.assertGreater(len(paper), 10_000)
