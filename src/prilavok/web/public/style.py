"""What the customers' and the courier's pages look like beyond what all small pages share. Colours by meaning."""

FORMS = """
:root { --danger: #a8321f; --warn: #8a5a00; --good: #1d6b3a; --tint: #e6f0ee; --button: #0f5c56; --on: #fff }
@media (prefers-color-scheme: dark) {
  :root { --danger: #ff9d8a; --warn: #f0c060; --good: #7fd39b; --tint: #1d302d; --button: #6cc5bc; --on: #0c1b19 }
}
main { padding-top: 32px }
h2 { font-size: 1.0625rem; margin: 32px 0 8px }
a { color: var(--accent); text-underline-offset: 3px }
a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px;
}
button, .button { background: var(--button); color: var(--on) }
button.plain { background: none; color: var(--accent); border: 1px solid var(--line) }
button.danger { background: none; color: var(--danger); border: 1px solid var(--line) }
.shop { color: var(--muted); margin: 0 0 4px }
.lead { font-size: 1.125rem; overflow-wrap: anywhere }
.phones p { margin: 0 0 12px; overflow-wrap: anywhere }
.phones .muted { display: block; font-size: .875rem }
.phones .whole { display: inline-block }
.phones a { white-space: nowrap; font-variant-numeric: tabular-nums; font-weight: 600 }
.notice { padding: 12px 16px; border-radius: 8px; background: var(--tint); margin: 0 0 24px }
.acts { display: flex; flex-wrap: wrap; gap: 12px; margin: 24px 0 }
.acts form { display: contents }
.wide { width: 100% }
details { border-top: 1px solid var(--line) }
details:last-of-type { border-bottom: 1px solid var(--line) }
summary { min-height: 48px; padding: 12px 0; cursor: pointer; font-weight: 600; color: var(--accent) }
details > form, details > div { padding: 0 0 20px }
textarea, select, input[type=text] {
  font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 8px;
  padding: 10px 12px; min-height: 44px; max-width: 100%;
}
textarea { display: block; width: 100%; min-height: 96px; margin: 0 0 12px }
input[aria-invalid=true], textarea[aria-invalid=true] { border-color: var(--danger) }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0 }
legend { padding: 0; font-weight: 600; margin: 0 0 8px }
.day { margin: 0 0 16px }
.day legend { font-weight: 400; color: var(--muted) }
.chips { display: flex; flex-wrap: wrap; gap: 8px }
.chip { position: relative }
.chip input { position: absolute; opacity: 0; inset: 0; width: 100%; height: 100%; margin: 0; cursor: pointer }
.chip span {
  display: flex; align-items: center; min-height: 44px; padding: 8px 16px; border: 1px solid var(--edge);
  border-radius: 8px; background: var(--raised); font-variant-numeric: tabular-nums;
}
.chip input:checked + span { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 600 }
.chip input:focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px }
.choice { display: flex; gap: 12px; align-items: flex-start; padding: 10px 0; min-height: 44px; cursor: pointer }
.choice input { flex: none; width: 20px; height: 20px; margin: 2px 0 0; accent-color: var(--button) }
.choice small { display: block; color: var(--muted); font-size: .875rem }
.day .chips { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)) }
.day .chip span { justify-content: center; padding: 8px 4px }
.way { margin: 0 0 16px }
.way legend { font-weight: 400 }
.way .chips { flex-wrap: nowrap }
.way .chip { flex: 1 }
.way .chip span { justify-content: center; text-align: center; padding: 8px; line-height: 1.25 }
.when { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; margin: 0 0 12px }
.when label:last-child { grid-column: 1 / -1 }
.when select { display: block; width: 100% }
.sums { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
.sums td { padding: 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
.sums td:last-child { text-align: right; white-space: nowrap; padding-left: 16px }
.sums tr:last-child td { border: 0; font-weight: 600 }
.tags { display: flex; flex-wrap: wrap; gap: 8px; padding: 0; margin: 8px 0; list-style: none }
.tags li { padding: 4px 12px; margin: 0; border: 1px solid var(--line); border-radius: 8px; overflow-wrap: anywhere }
.tags li::before { content: none }
li.now strong { color: var(--accent) }
li.bad::before { background: var(--danger); border-color: var(--danger) }
li.next { color: var(--muted) }
li p { margin: 0; color: var(--muted) }
footer { margin-top: 40px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--muted) }
"""
