/** The style of the report: light, dark, and on paper always light. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f8; --surface: #ffffff; --ink: #18212d; --quiet: #566272; --line: #dfe4ea;
  --accent: #2450b8; --second: #b3510a;
  --healthy: #b5dccb; --suspected: #e69a1f; --dead: #7d1f58; --absent: #d5dae1;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1218; --surface: #161b23; --ink: #e5eaf1; --quiet: #9ba7b6; --line: #28303b;
    --accent: #8fb1ff; --second: #f2a765;
    --healthy: #22604d; --suspected: #d99a2b; --dead: #ff86bd; --absent: #3a424d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 3rem 0 0; font-size: 1.375rem; }
h3 { margin: 0; font-size: 1.0625rem; }
p { margin: 0.375rem 0 0; }
.quiet, figcaption { color: var(--quiet); }
figcaption { margin-top: 0.25rem; font-size: 0.875rem; }
figure, .scroll {
  margin: 1.25rem 0 0; padding: 1rem 1.125rem; border: 1px solid var(--line); border-radius: 12px; background: var(--surface);
  break-inside: avoid;
}
.scroll { overflow-x: auto; }
.plot { margin-top: 0.75rem; overflow-x: auto; }
svg { display: block; max-width: 100%; min-width: 36rem; height: auto; }
table { width: 100%; min-width: 44rem; border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.4375rem 0.75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 500; }
thead th { color: var(--quiet); white-space: nowrap; }
code { font-size: 0.875em; overflow-wrap: anywhere; }
@media print {
  @page { margin: 12mm; }
  body { background: none; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  svg, table { min-width: 0; }
  h2 { break-after: avoid; }
}
`;
