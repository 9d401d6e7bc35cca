/** The style of the HTML report. Its colours have a contrast of 4.5 and more, in the light and in the dark. */
export const style = `
:root { color-scheme: light dark; --page: #ffffff; --raised: #f5f6f8; --line: #d5d9e0; --text: #1b1f26; --quiet: #565e6b;
  --link: #0b57a8; --error: #b3141b; --warning: #7f5200; --info: #0b57a8; --good: #14652f; --mark: #ffe28a; }
@media (prefers-color-scheme: dark) { :root { --page: #14171c; --raised: #1e2229; --line: #3a414c; --text: #e7eaee; --quiet: #a5aebb;
  --link: #86bdff; --error: #ff9a94; --warning: #f2c14e; --info: #86bdff; --good: #7fd69a; --mark: #6b5200; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.125rem; margin: 0; display: inline; }
h3 { font-size: 1rem; font-weight: 400; margin: .25rem 0; }
code, pre, .place { font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .875rem; }
:not(pre) > code { background: var(--raised); padding: .1em .3em; border-radius: 3px; }
pre { margin: .5rem 0; padding: .5rem; overflow-x: auto; background: var(--raised); border-radius: 4px; tab-size: 4; line-height: 1.45; }
mark { background: var(--mark); color: inherit; }
mark:empty { border-left: 2px solid var(--error); }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
fieldset { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 4px; }
label { display: inline-flex; align-items: center; gap: .4rem; min-height: 1.75rem; }
input { width: 1.1rem; height: 1.1rem; }
summary { padding: .5rem 0; cursor: pointer; }
summary small { color: var(--quiet); font-size: .875rem; }
section, .file { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .5rem; }
.finding { margin: .5rem 0 1.25rem; padding-left: .75rem; border-left: 4px solid var(--line); }
.finding p { margin: .25rem 0; }
.finding .notes { margin: .25rem 0; padding-left: 1.25rem; }
.level { font-weight: 700; }
.error { border-color: var(--error); } .error .level { color: var(--error); }
.warning { border-color: var(--warning); } .warning .level { color: var(--warning); }
.info { border-color: var(--info); } .info .level { color: var(--info); }
.place, .number { color: var(--quiet); }
.number { display: inline-block; min-width: 3ch; margin-right: 1.5ch; text-align: right; user-select: none; }
.fixed { color: var(--good); }
body:has(#show-error:not(:checked)) .finding.error, body:has(#show-warning:not(:checked)) .finding.warning,
body:has(#show-info:not(:checked)) .finding.info { display: none; }
@media print { fieldset { display: none; } }
`;
