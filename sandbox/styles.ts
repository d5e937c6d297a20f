/** One sheet for the sandbox's pages: phone first, light and dark, own look so that nobody takes them for the product. */
export const STYLES = `
:root{color-scheme:light dark;--ink:#1d1b16;--quiet:#5d584c;--ground:#f6f3ea;--card:#fff;--line:#d9d2c0;--accent:#6b3fa0;--on-accent:#fff;
--accent-tint:#efe6fa;--bar:#3d2a14;--on-bar:#fff3d6;--danger:#b00020;--good:#0b6b3a}
@media (prefers-color-scheme:dark){:root{--ink:#f2eee4;--quiet:#b8b1a2;--ground:#191713;--card:#24211b;--line:#4a4437;--accent:#c9a6f5;--on-accent:#23123a;
--accent-tint:#33284a;--bar:#0e0c08;--on-bar:#f5dfae;--danger:#ff9aa5;--good:#7fd6a4}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/24px system-ui,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;overflow-wrap:anywhere}
.top{background:var(--bar);color:var(--on-bar);padding:12px 16px}
.top p{margin:0 auto;max-width:528px}
.place{font-weight:700;font-size:18px}
.warning{font-size:14px;line-height:20px}
main{max-width:560px;margin:0 auto;padding:20px 16px 48px}
main.wide{max-width:960px}
.top:has(+ .wide) p{max-width:928px}
h1{font-size:24px;line-height:32px;margin:0 0 12px}
h2{font-size:18px;line-height:26px;margin:28px 0 12px}
p{margin:0 0 12px}
.quiet{color:var(--quiet);font-size:14px;line-height:20px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;margin:0 0 16px}
.card>:last-child{margin-bottom:0}
.sum{font-size:36px;line-height:44px;font-weight:700;font-variant-numeric:tabular-nums;margin:0 0 8px}
dl{margin:0;display:grid;gap:2px}
dt{color:var(--quiet);font-size:14px;line-height:20px}
dd{margin:0 0 10px}
dd:last-child{margin-bottom:0}
ul.rows{list-style:none;margin:0;padding:0}
dl+.quiet{margin:16px 0 8px}
ul.rows span>.quiet{display:block}
ul.rows li{display:flex;justify-content:space-between;gap:16px;padding:8px 0;border-top:1px solid var(--line)}
ul.rows .amount{white-space:nowrap;font-variant-numeric:tabular-nums}
form{margin:0}
.choices{display:grid;gap:10px}
button,.button{display:block;width:100%;min-height:52px;padding:12px 16px;border:1px solid var(--line);border-radius:10px;background:var(--card);color:var(--ink);font:inherit;text-align:start;text-decoration:none;cursor:pointer}
button:hover,.button:hover{border-color:var(--accent);background:var(--accent-tint)}
button b,.button b{display:block}
button small,.button small{display:block;color:var(--quiet);font-size:14px;line-height:20px}
.main,.main:hover{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.main small{color:inherit}
.center{text-align:center}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.main:focus-visible{outline-color:var(--ink)}
label{display:block;font-weight:600;margin:0 0 4px}
input{width:100%;min-height:52px;padding:12px;border:1px solid var(--quiet);border-radius:10px;background:var(--card);color:var(--ink);font:inherit}
.inline{display:flex;gap:8px;align-items:end}
.inline>div{flex:1}
.inline button{width:auto;text-align:center}
.error{color:var(--danger);font-weight:600}
.good{color:var(--good);font-weight:600}
a{color:var(--accent)}
.mails{list-style:none;margin:0;padding:0}
.mails a{display:block;padding:12px 16px;border:1px solid var(--line);border-radius:10px;background:var(--card);color:var(--ink);text-decoration:none;margin-bottom:8px}
.mails a:hover{border-color:var(--accent)}
.mails b{display:block}
iframe{width:100%;height:60vh;min-height:320px;border:1px solid var(--line);border-radius:10px;background:#fff}
pre{white-space:pre-wrap;font:inherit;margin:0}
details{margin:16px 0}
summary{cursor:pointer;min-height:44px;padding:10px 0}
@media (min-width:640px){body{font-size:17px;line-height:26px}.two{grid-template-columns:1fr 1fr}.two>:last-child:nth-child(odd){grid-column:1/-1}.two button{display:flex;flex-direction:column;align-items:start}.mails a{display:grid;grid-template-columns:1fr auto;column-gap:16px}}
`.trim();
