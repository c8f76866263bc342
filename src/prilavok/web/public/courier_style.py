"""The courier's page: wishes in large type, buttons where the thumb is."""

STYLE = """
main { padding: 16px 16px 300px; max-width: 32rem }
h1 { font-size: 1.125rem; font-weight: 400; color: var(--muted); margin: 0 0 12px }
.address { font-size: 1.375rem; line-height: 1.3; font-weight: 600; margin: 0 0 4px; overflow-wrap: anywhere }
.who { font-size: 1.125rem; margin: 0 0 16px; overflow-wrap: anywhere }
.hours { font-weight: 600; margin: 0 0 16px }
.wishes { list-style: none; margin: 0 0 16px; padding: 0; display: grid; grid-template-columns: 1fr 1fr; gap: 8px }
.wishes li {
  margin: 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised);
  font-size: 1.25rem; line-height: 1.25; font-weight: 600; overflow-wrap: anywhere;
}
.wishes li::before { content: none }
.wishes li.whole { grid-column: 1 / -1 }
.wishes li.never { color: var(--danger); border-color: var(--danger) }
.money { font-size: 1.25rem; font-weight: 600; margin: 0 0 16px }
.links { display: flex; gap: 12px; margin: 0 0 16px }
.links a {
  flex: 1; display: flex; align-items: center; justify-content: center; min-height: 52px; border-radius: 8px;
  border: 1px solid var(--accent); text-decoration: none; font-weight: 600;
}
.bar {
  position: fixed; inset: auto 0 0; background: var(--surface); border-top: 1px solid var(--line);
  padding: 12px 16px calc(12px + env(safe-area-inset-bottom));
}
.bar > * { max-width: 30rem; margin: 0 auto }
.bar form { display: grid; gap: 8px }
.bar form + form { margin-top: 8px }
.bar button { width: 100%; min-height: 52px; padding: 8px }
.bar button.main { min-height: 68px; font-size: 1.25rem }
.bar .two { grid-template-columns: 1fr 1fr }
.bar .two .plain { grid-column: 1 / -1 }
.bar .chips { flex-wrap: nowrap }
.bar .chip { flex: 1 }
.bar .chip span { justify-content: center; padding: 8px }
.bar legend { font-weight: 400; color: var(--muted); margin: 0 0 4px }
.notice { margin: 0 auto 12px; display: flex; gap: 12px; align-items: center; justify-content: space-between }
.notice form { display: block; flex: none }
.notice button { min-height: 44px; width: auto; padding: 8px 16px }
.offline { background: none; border: 1px solid var(--warn); color: var(--warn); display: block }
[hidden] { display: none }
"""
