/** What the page of `optimize` adds to the style of the HTML report. Its colours tell nothing that no word or shape tells too. */
export const orderStyle = `
:root { --run: #c2410c; --saved: #14652f; --saved-light: #cfe8d6; --bar: #f6d5c3; }
@media (prefers-color-scheme: dark) { :root { --run: #fb923c; --saved: #7fd69a; --saved-light: #1f4d33; --bar: #5a2f16; } }
body { max-width: 76rem; }
.file > h2, section > h3 { display: block; }
section > h3 { font-weight: 700; margin: 1.25rem 0 .5rem; }
.saving { font-size: 1.125rem; font-weight: 700; color: var(--good); margin: .5rem 0; }
.about { color: var(--quiet); margin: .25rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { padding: .2rem .5rem; text-align: left; font-weight: 400; vertical-align: middle; border-bottom: 1px solid var(--line); }
thead th, tbody th[scope=rowgroup] { font-weight: 700; }
th, td { overflow-wrap: normal; } tbody th { min-width: 13rem; overflow-wrap: anywhere; } tbody td { white-space: nowrap; } details td:nth-child(3) { white-space: normal; min-width: 12rem; overflow-wrap: anywhere; }
td.count, th.count { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.layers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem 1.5rem; }
.layers h4 { font-size: 1rem; margin: 0 0 .25rem; }
.layers ol { list-style: none; margin: 0 0 .75rem; padding: 0; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; }
.layers .stage { color: var(--quiet); font-size: .875rem; margin: 0 0 .25rem; }
.layer { position: relative; display: flex; align-items: center; gap: .5rem; padding: .15rem .5rem; border-bottom: 1px solid var(--line); }
.layer:last-child { border-bottom: 0; }
.layer .bar { position: absolute; inset: 0 auto 0 0; background: var(--bar); border-bottom: 3px solid var(--run); }
.layer .bar.none { display: none; }
.layer code, .layer .share, .layer .tag { position: relative; background: none; padding: 0; }
.layer code { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tag { border: 1px solid currentColor; border-radius: 3px; padding: 0 .3em; font-size: .75rem; color: var(--good); }
.layer .tag { padding: 0 .3em; }
.strip td { padding: 0; width: 55%; } .strip th { min-width: 0; max-width: 0; width: 30%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.strip td.count { width: auto; padding: .1rem .5rem; }
.strip svg { display: block; width: 100%; height: 1.25rem; background: var(--raised); }
.strip .run, .key .run { fill: var(--run); } .strip .saved, .key .saved { fill: var(--saved); } .strip .tick { fill: var(--line); }
.strip .tick:hover { fill: var(--link); }
.key svg { width: 1.5rem; height: 1rem; vertical-align: -.15rem; background: var(--raised); }
.key span { display: inline-block; margin-right: 1.25rem; }
.move { margin: .75rem 0; padding-left: .75rem; border-left: 4px solid var(--good); }
.move.unsafe { border-color: var(--warning); } .move.left { border-color: var(--line); }
.move p { margin: .15rem 0; } .move .level { color: var(--good); } .move.unsafe .level { color: var(--warning); } .move.left .level { color: var(--quiet); }
.diff ins { color: var(--good); text-decoration: none; } .diff del { color: var(--error); text-decoration: none; }
@media (max-width: 40rem) { .strip td { width: 45%; } .strip th { width: 35%; } }
`;
