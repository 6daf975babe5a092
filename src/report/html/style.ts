// How the page looks: light or dark as the reader's screen is, narrow, and on paper.

export const style = `
:root{color-scheme:light dark;--back:#fff;--panel:#f7f8fa;--text:#1b2430;--dim:#566374;--rule:#dbe1ea;--wire:#2b6cb0;--exported:#b45309;--arrived:#8b3fb0;--collected:#15803d;--good:#15803d;--bad:#c02626}
@media(prefers-color-scheme:dark){:root{--back:#11151c;--panel:#171d27;--text:#e6ecf5;--dim:#9fadc2;--rule:#2c3747;--wire:#6ab0ff;--exported:#fdba4b;--arrived:#d09bf0;--collected:#5fd38a;--good:#5fd38a;--bad:#ff8080}}
*{box-sizing:border-box}
body{background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .5rem}h1 small{font-size:1rem;font-weight:400;color:var(--dim)}
.good{color:var(--good)}.bad{color:var(--bad)}.dim{color:var(--dim)}p{margin:.4rem 0}p.how{font-size:1.05rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;min-width:34rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--rule)}
th{color:var(--dim);font-weight:500;white-space:nowrap}td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}td.k{white-space:nowrap}
td.bad{font-weight:600}
article{border-left:3px solid var(--bad);background:var(--panel);padding:.6rem 1rem;margin:.8rem 0;border-radius:0 6px 6px 0}article.allowed{border-color:var(--dim)}
article ul{margin:.5rem 0;padding-left:1.2rem}article li,code{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
figure{margin:.5rem 0 1.2rem}figcaption{color:var(--dim)}figure svg{display:block;width:100%;height:auto}figure.lab svg{width:auto;max-width:100%}
.plot{min-width:36rem}.plot text{fill:var(--dim);font-size:11px}.plot polyline{fill:none;stroke-width:2}.plot .axis{stroke:var(--rule)}
.plot .mark{stroke:var(--dim);stroke-dasharray:3 3}.plot .mark-sign{fill:var(--dim)}
.wire{stroke:var(--wire)}.exported{stroke:var(--exported);stroke-dasharray:7 3}.arrived{stroke:var(--arrived);stroke-dasharray:8 3 2 3}.collected{stroke:var(--collected);stroke-dasharray:2 3}
.key{display:inline-flex;gap:1.2rem;flex-wrap:wrap;margin:0;padding:0;list-style:none}.key svg{width:28px;height:8px;display:inline-block;vertical-align:middle;margin-right:.4rem}
@media print{body{max-width:none;margin:0}section{break-inside:avoid}.wide{overflow:visible}}`
