// The same faulty exchange, over real sockets, followed by Virtuoso and by ccxt: how many of the books that each
// serves are not the exchange's at that update?
//   node chaos_clients.mjs VIRTUOSO [SECONDS] [SEED]
import assert from 'node:assert/strict';
import { makeCcxt, sleep, startVirtuoso, withSimulator } from './simulator.mjs';

const binary = process.argv[2];
const seconds = Number(process.argv[3] ?? 60);
let seed = Number(process.argv[4] ?? 1);
const ids = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'DOGEUSDT', 'BNBUSDT', 'ADAUSDT', 'AVAXUSDT'];
const unified = (id) => `${id.slice(0, -4)}/USDT:USDT`;
const depth = 200;
const faults = ['drop:p=0.01', 'gap:p=0.02', 'duplicate:p=0.05', 'reorder:p=0.02', 'delay:p=0.02,value=300',
  'malformed:p=0.01', 'truncated:p=0.01', 'disconnect:p=0.01,count=2', 'silence:p=0.01,value=3000,count=1',
  'stale-snapshot:p=0.5', 'restart:p=0.01', 'refuse:p=0.5', '429:p=0.3', '500:p=0.3', '10006:p=0.3',
  'slow-body:p=0.3,value=1500', 'broken-body:p=0.3', 'tls:p=0.3', 'clock-skew:value=2500'];

function random() { // Park and Miller: the faults of a run are those of its seed
  seed = (seed * 48271) % 2147483647;
  return seed / 2147483647;
}

const mask = (1n << 64n) - 1n;
function digest(bids, asks) {
  let value = 0xcbf29ce484222325n;
  for (const side of [bids, asks]) {
    for (const [price, size] of side.slice(0, 25)) {
      for (const number of [price, size]) {
        value = ((value ^ BigInt(Math.round(Number(number) * 1e8))) * 0x100000001b3n) & mask;
      }
    }
  }
  return value.toString(16).padStart(16, '0');
}

class Judge {
  constructor(simulator) { Object.assign(this, { simulator, checked: 0, wrong: 0, busy: 0, last: new Map() }); }

  /** At most one check a symbol and 100 ms: the exchange has to answer, too. */
  look(id, u, bids, asks) {
    const now = Date.now();
    if (this.busy > 50 || now - (this.last.get(id) ?? 0) < 100) return;
    this.last.set(id, now);
    const seen = digest(bids, asks);
    this.busy += 1;
    this.simulator.get(`truth?topic=orderbook.${depth}.${id}&u=${u}`).then((text) => {
      const truths = text.split('\n').filter(Boolean);
      if (truths.length > 0) {
        this.checked += 1;
        if (!truths.includes(seen)) this.wrong += 1;
      }
    }).finally(() => { this.busy -= 1; });
  }
}

await withSimulator(import.meta.url, binary, ['--symbols', '50', '--seed', '7'], async (simulator) => {
  const ours = new Judge(simulator);
  const theirs = new Judge(simulator);
  let theirErrors = 0;
  const valid = new Map();
  const exchange = await makeCcxt(simulator, (id, u, book) => theirs.look(id, u, book.bids, book.asks));
  await exchange.loadMarkets();
  const virtuoso = startVirtuoso(binary, simulator, ids, ({ symbol, market }) => {
    valid.set(symbol, market.book.valid);
    if (market.book.valid) ours.look(symbol, market.book.last_update, market.book.bids, market.book.asks);
  }, ['--retry']);
  let running = true;
  const watch = async () => {
    while (running) {
      try {
        await exchange.watchOrderBookForSymbols(ids.map(unified), depth);
      } catch {
        theirErrors += 1;
        await sleep(200);
      }
    }
  };
  watch();
  await sleep(3000);
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    await simulator.post('faults', `${faults[Math.floor(random() * faults.length)]},for=${2 + Math.floor(random() * 8)}`);
    await sleep(500 + random() * 2500);
  }
  await simulator.post('clear', '');
  await sleep(15_000);
  running = false;
  const struck = await simulator.get('faults');
  const share = (judge) => `${judge.wrong} of ${judge.checked} books wrong (${(100 * judge.wrong / judge.checked).toFixed(2)} %)`;
  console.log(`${seconds} s of faults (${struck.trim()}): Virtuoso ${share(ours)}; ccxt ${share(theirs)}, ${theirErrors} errors raised`);
  virtuoso.kill('SIGTERM');
  assert.equal(ours.wrong, 0);
  assert.ok(ours.checked > seconds * 10, `only ${ours.checked} books checked`);
  for (const id of ids) assert.ok(valid.get(id), `the book of ${id} did not recover`);
});
