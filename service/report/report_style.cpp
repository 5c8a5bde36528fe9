#include "service/report/report_style.h"

namespace holdfast {

std::string_view report_style() {
  return R"css(
:root { color-scheme: light dark; --page: #ffffff; --panel: #f6f7f9; --text: #1d2430;
  --quiet: #566073; --rule: #d5dae2; --series: #1f5fa8; --area: #c9dcf2;
  --fine: #1a6b3c; --attention: #8a5200; --risk: #b3261e; }
@media screen and (prefers-color-scheme: dark) {
  :root { --page: #14181f; --panel: #1c222c; --text: #e6e9ef; --quiet: #a3adbd;
    --rule: #384252; --series: #7db4f0; --area: #263f5c;
    --fine: #6fcf97; --attention: #f0b357; --risk: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.5rem 4rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 "Segoe UI", system-ui, "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 1.7rem; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 0.25rem; font-size: 1.3rem; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0.25rem 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.verdict { margin: 1rem 0; padding: 0.75rem 1rem; background: var(--panel);
  border-left: 0.35rem solid; border-radius: 0.25rem; color: var(--text); }
.verdict.fine { border-color: var(--fine); }
.verdict.attention { border-color: var(--attention); }
.verdict.risk { border-color: var(--risk); }
strong.fine { color: var(--fine); }
strong.attention { color: var(--attention); }
strong.risk { color: var(--risk); }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
caption { padding: 0.5rem 0; text-align: left; color: var(--quiet); }
th, td { padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--rule);
  text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; overflow-wrap: normal; }
tbody th { font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
table.overview { table-layout: fixed; }
.overview th:nth-child(1) { width: 17%; }
.overview th:nth-child(2) { width: 27%; }
.overview th:nth-child(6) { width: 10%; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 1rem;
  margin: 1rem 0; }
figure { margin: 0; padding: 0.75rem 1rem; background: var(--panel); border-radius: 0.25rem;
  break-inside: avoid; }
figcaption { font-size: 0.9rem; }
figcaption b { display: block; font-weight: 600; }
svg { display: block; width: 100%; height: auto; margin-top: 0.5rem; }
svg text { font-size: 12px; fill: var(--quiet); }
.grid { stroke: var(--rule); stroke-width: 1; }
.axis { stroke: var(--quiet); stroke-width: 1; }
.line { fill: none; stroke: var(--series); stroke-width: 1.5; stroke-linejoin: round; }
.area { fill: var(--area); }
.needle { stroke: var(--series); stroke-width: 1.5; }
.good { fill: var(--series); }
.halo { fill: none; stroke: var(--panel); stroke-width: 5; }
.trouble { fill: none; stroke: var(--risk); stroke-width: 2; }
svg.share { width: 8rem; height: 0.7rem; margin: 0.4rem 0 0; }
.whole { fill: var(--rule); }
.part { fill: var(--series); }
footer { margin-top: 3rem; font-size: 0.85rem; color: var(--quiet); }
@media (max-width: 40rem) { .charts { grid-template-columns: 1fr; } }
@media print {
  @page { margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .charts { grid-template-columns: 1fr 1fr; gap: 0.5rem; }
  .verdict, figure, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, section > p, caption { break-after: avoid; }
  tr { break-inside: avoid; }
}
)css";
}

}  // namespace holdfast
