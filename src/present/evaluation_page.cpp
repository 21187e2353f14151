#include "present/chart_script.hpp"
#include "present/evaluation_report.hpp"

namespace virtuoso {

namespace {

constexpr std::string_view head = R"page(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Virtuoso evaluation</title>
<style>
:root{color-scheme:dark}
body{margin:0;background:#0f1419;color:#d8dee6;font:15px/1.5 system-ui,sans-serif}
main{max-width:1100px;margin:0 auto;padding:24px}
h1{font-size:22px;margin:0 0 4px} h2{font-size:17px;margin:32px 0 8px;border-top:1px solid #26303b;padding-top:20px}
h3{font-size:14px;margin:0 0 8px;color:#9fb0c0;font-weight:600}
.muted{color:#8a99a8} .verdict{background:#17202a;border-left:4px solid #d9a441;padding:12px 16px;border-radius:4px;margin:12px 0}
.grid{display:grid;grid-template-columns:1fr 1fr;gap:20px} @media(max-width:800px){.grid{grid-template-columns:1fr}}
.card{background:#151c24;border-radius:6px;padding:14px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:13px}
td,th{padding:4px 8px;text-align:right;border-bottom:1px solid #222c37} td:first-child,th:first-child{text-align:left}
.on{color:#6cc788;font-weight:600}.off{color:#e07a6b;font-weight:600}
</style></head><body><main>
<h1>Virtuoso evaluation</h1><div class="muted" id="costs"></div><div id="symbols"></div></main>
)page";

constexpr std::string_view script = R"page(
const names=['5m','15m','1h','4h','24h'];
const el=(tag,cls,text)=>{const e=document.createElement(tag);if(cls)e.className=cls;if(text!==undefined)e.textContent=text;return e};
const time=ms=>new Date(ms).toISOString().slice(0,16).replace('T',' ')+' UTC';
const signed=(v,n)=>(v>=0?'+':'')+v.toFixed(n);
Chart.defaults.color='#9fb0c0';Chart.defaults.borderColor='#26303b';Chart.defaults.animation=false;
document.getElementById('costs').textContent='costs: '+data.taker_fee_bps+' bps taker fee and '+data.half_spread_bps+' bps half spread each way · intervals are 95 %, block bootstrap, seed '+data.seed;
function card(grid,title){const c=el('div','card');c.append(el('h3','',title));const canvas=el('canvas');c.append(canvas);grid.append(c);return canvas}
function skillTable(s){const t=el('table');const h=el('tr');['score','samples',...names.map(n=>'IC '+n),'hit rate 1h'].forEach(x=>h.append(el('th','',x)));t.append(h);
for(const [name,c] of Object.entries(s.scores)){const r=el('tr');r.append(el('td','',(name.includes('.')?'\u00a0\u00a0':'')+name));r.append(el('td','',c.present));
for(const n of names){const ic=c.horizons[n].ic;const td=el('td',ic.low>0?'on':ic.high<0?'off':'',ic.samples<3?'–':signed(ic.value,3));td.title='['+signed(ic.low,3)+', '+signed(ic.high,3)+'] of '+ic.samples;r.append(td)}
const k=c.horizons['1h'];r.append(el('td','',k.calls?(k.hit_rate*100).toFixed(1)+' % ['+(k.hit_rate_low*100).toFixed(0)+', '+(k.hit_rate_high*100).toFixed(0)+']':'–'));t.append(r)}return t}
function show(s){const box=document.getElementById('symbols');box.append(el('h2','',s.symbol+' · '+s.exchange));
box.append(el('div','muted',time(s.from_ms)+' … '+time(s.to_ms)+' · '+s.samples+' scores, one every '+s.step_ms/1000+' s'+(s.absent.length?' · absent throughout: '+s.absent.join(', '):'')+(s.partial?' · “whole” is the score of what is present, too little to be published':'')));
box.append(el('div','verdict',s.conclusion));if(s.walk_forward)box.append(el('div','verdict','Walk-forward: '+s.walk_forward.conclusion));
const grid=el('div','grid');box.append(grid);
const heads=Object.keys(s.scores).filter(n=>!n.includes('.'));
const usable=names.filter(n=>s.scores.whole&&s.scores.whole.horizons[n].ic.samples>2);
const palette=['#d8dee6','#5aa9e6','#e0a458','#6cc788','#c98bdb','#e07a6b','#7fd1c7'];
new Chart(card(grid,'Information coefficient by horizon'),{type:'bar',data:{labels:usable,datasets:heads.map((n,i)=>({label:n,backgroundColor:palette[i%7],data:usable.map(h=>s.scores[n].horizons[h].ic.value)}))},options:{plugins:{legend:{labels:{boxWidth:12}}}}});
const w=s.scores.whole;if(w)new Chart(card(grid,'IC of the whole with its interval'),{type:'bar',data:{labels:usable,datasets:[{label:'95 % interval',backgroundColor:'#3a5f82',data:usable.map(h=>[w.horizons[h].ic.low,w.horizons[h].ic.high])},{label:'IC',type:'line',order:-1,borderColor:'#e0a458',backgroundColor:'#e0a458',showLine:false,pointRadius:5,data:usable.map(h=>w.horizons[h].ic.value)}]}});
const horizon=['1h','15m','5m'].find(h=>s.calibration[h][0].samples>0);
if(horizon){const bins=s.calibration[horizon].filter(b=>b.samples>0);
new Chart(card(grid,'Calibration by score decile, '+horizon+' ahead'),{type:'bar',data:{labels:bins.map(b=>b.mean_score.toFixed(1)),datasets:[{label:'mean return, bps',backgroundColor:bins.map(b=>b.mean_return_bps>=0?'#6cc788':'#e07a6b'),data:bins.map(b=>b.mean_return_bps)}]},options:{scales:{x:{title:{display:true,text:'mean score of the decile'}}},plugins:{legend:{display:false}}}})}
const done=s.trades.filter(t=>t.finished);
if(done.length){let sum=0;new Chart(card(grid,'Signals: cumulative result after costs, R'),{type:'line',data:{labels:done.map(t=>time(t.confirmed_at_ms).slice(0,10)),datasets:[{label:'R',borderColor:'#5aa9e6',pointRadius:0,borderWidth:2,data:done.map(t=>sum+=t.net_r)}]},options:{plugins:{legend:{display:false}}}});
new Chart(card(grid,'Excursions of each signal, R'),{type:'scatter',data:{datasets:[{label:'won',backgroundColor:'#6cc788',data:done.filter(t=>t.net_r>0).map(t=>({x:t.adverse_r,y:t.favourable_r}))},{label:'lost',backgroundColor:'#e07a6b',data:done.filter(t=>t.net_r<=0).map(t=>({x:t.adverse_r,y:t.favourable_r}))}]},options:{scales:{x:{title:{display:true,text:'against (MAE)'}},y:{title:{display:true,text:'in favour (MFE)'}}}}})}
if(s.walk_forward&&s.walk_forward.folds.length){const f=s.walk_forward.folds;new Chart(card(grid,'Walk-forward IC by test part'),{type:'bar',data:{labels:f.map(x=>time(x.test_from_ms).slice(0,10)),datasets:[{label:'fitted weights',backgroundColor:'#5aa9e6',data:f.map(x=>x.ic_fitted)},{label:'standard weights',backgroundColor:'#e0a458',data:f.map(x=>x.ic_standard)}]}})}
const g=s.signals;box.append(el('p','',g.finished?g.signals+' signals, '+g.finished+' ran to their end: won '+g.won+' ['+(g.won_low*100).toFixed(0)+' %, '+(g.won_high*100).toFixed(0)+' %]; expectancy '+signed(g.net_r.value,3)+' R ['+signed(g.net_r.low,3)+', '+signed(g.net_r.high,3)+'] after costs, '+signed(g.gross_r.value,3)+' R before; first reached: stop '+g.stop_first+', target '+g.target_first+', time '+g.time_first:g.signals+' signals, none ran to its end'));
const c=el('div','card');c.append(skillTable(s));box.append(c)}
data.symbols.forEach(show);
)page";

}  // namespace

std::string evaluation_page(std::span<const SymbolEvaluation> reports, const EvaluationRules& rules) {
    const std::string json = in_script(evaluation_json(reports, rules));
    std::string page(head);
    page += "<script>";
    page += chart_script();
    page += "</script>\n<script>\nconst data=" + json + ";";
    page += script;
    return page + "</script></body></html>\n";
}

}  // namespace virtuoso
